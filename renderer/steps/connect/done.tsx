import { CheckmarkCircleFilled } from '@fluentui/react-icons';
import type { RunView } from '../../../shared/views.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { formatDuration } from '../../parts/format.ts';

/** What was made, at the end of the way. */
export function Done({ run }: { readonly run: RunView }) {
  const { plan, imageId, address } = run;
  const ended = run.stages.at(-1)?.endedAt;
  const took = ended ? (Date.parse(ended) - Date.parse(run.createdAt)) / 1000 : null;
  return (
    <section className="done" aria-labelledby="done-title">
      <CheckmarkCircleFilled className="done-icon" aria-hidden />
      <div className="stack">
        <h2 id="done-title">Your image works</h2>
        <p>
          {windowsProduct(plan.windows).title} is in the cloud as the image “{plan.image?.name}”
          {took === null ? '' : `, ${formatDuration(took)} after you began`}. The server “{plan.server?.name}”
          runs from it
          {address ? ` at ${address}` : ''}, and its desktop was opened.
        </p>
        {imageId ? (
          <p className="row">
            <span>Image ID</span>
            <code>{imageId}</code>
            <CopyButton text={imageId} label="Copy image ID" size="small" appearance="subtle" />
          </p>
        ) : null}
        <p className="hint">
          From now on anybody in the project can start servers from this image, in Horizon or with the
          openstack command.
        </p>
      </div>
    </section>
  );
}
