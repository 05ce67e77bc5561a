import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { UncheckedCloud } from '../parts/unchecked-cloud.tsx';
import { useApp, useDraft } from '../state/app.tsx';
import { cloudOf } from '../state/draft-cloud.ts';

/** What stands over every page as long as it is so: the backend is gone, the cloud's certificate is not checked. */
export function Banner() {
  const online = useApp((state) => state.online);
  const reason = useApp(({ info }) => info?.frontReason);
  const source = cloudOf(useDraft().cloud);
  const checked = useApp(({ cloud }) => cloud?.certificateChecked);
  return (
    <section className="banner" aria-label="Notices">
      {online === false ? (
        <MessageBar intent="warning">
          <MessageBarBody>Casement’s backend does not answer – reconnecting</MessageBarBody>
        </MessageBar>
      ) : null}
      {/* A sign-in that tells otherwise has read a file that changed. */}
      <UncheckedCloud key={String(checked)} source={source} />
      {reason ? (
        <p className="hint front-reason">Casement runs in a browser window here, because {reason}.</p>
      ) : null}
    </section>
  );
}
