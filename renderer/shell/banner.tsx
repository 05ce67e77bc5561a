import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useApp } from '../state/app.tsx';

/** Says that the backend is gone, as long as it is. */
export function Banner() {
  const online = useApp((state) => state.online);
  const reason = useApp(({ info }) => info?.frontReason);
  return (
    <section className="banner" aria-label="Notices">
      {online === false ? (
        <MessageBar intent="warning">
          <MessageBarBody>Casement’s backend does not answer – reconnecting</MessageBarBody>
        </MessageBar>
      ) : null}
      {reason ? (
        <p className="hint front-reason">Casement runs in a browser window here, because {reason}.</p>
      ) : null}
    </section>
  );
}
