import { CheckmarkCircleFilled, InfoFilled } from '@fluentui/react-icons';
import type { RunView } from '../../../shared/views.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { Ending } from './ending.ts';

/** What was made, at the end of the way; calm when nobody has seen the desktop. */
export function Done({ run, ending }: { readonly run: RunView; readonly ending: Ending }) {
  const { imageId } = run;
  return (
    <section className={ending.proven ? 'done' : 'done calm'} aria-labelledby="done-title">
      {ending.proven ? (
        <CheckmarkCircleFilled className="done-icon" aria-hidden />
      ) : (
        <InfoFilled className="done-icon" aria-hidden />
      )}
      <div className="stack">
        <h2 id="done-title">{ending.title}</h2>
        <p>{ending.sentences.join(' ')}</p>
        {imageId ? (
          <p className="row">
            <span>Image ID</span>
            <code>{imageId}</code>
            <CopyButton text={imageId} label="Copy image ID" size="small" appearance="subtle" />
          </p>
        ) : null}
        {ending.proven ? (
          <p className="hint">
            From now on anybody in the project can start servers from this image, in Horizon or with the
            openstack command.
          </p>
        ) : null}
      </div>
    </section>
  );
}
