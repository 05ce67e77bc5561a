import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useApp } from '../state/app.tsx';
import { uncheckedCloud } from '../state/way-to-cloud.ts';

/** What stands over every page as long as it is so: the backend is gone, the cloud's certificate is not checked. */
export function Banner() {
  const online = useApp((state) => state.online);
  const reason = useApp(({ info }) => info?.frontReason);
  const unchecked = useApp(uncheckedCloud);
  return (
    <section className="banner" aria-label="Notices">
      {online === false ? (
        <MessageBar intent="warning">
          <MessageBarBody>Casement’s backend does not answer – reconnecting</MessageBarBody>
        </MessageBar>
      ) : null}
      {unchecked ? (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            The certificate of <b>{new URL(unchecked).host}</b> is not checked: anybody on the way can read
            your password and change your image. Name the CA file of the cloud under “Region and certificates”
            instead.
          </MessageBarBody>
        </MessageBar>
      ) : null}
      {reason ? (
        <p className="hint front-reason">Casement runs in a browser window here, because {reason}.</p>
      ) : null}
    </section>
  );
}
