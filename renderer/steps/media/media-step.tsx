// Step 2: the Windows version and the three files that are needed.
import { Field, Select } from '@fluentui/react-components';
import { AppsAddInRegular, PuzzlePieceRegular, WindowRegular } from '@fluentui/react-icons';
import { WINDOWS, windowsProduct } from '../../../shared/windows.ts';
import { Card } from '../../parts/card.tsx';
import { Settled } from '../../parts/settled.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel, useRun } from '../../state/app.tsx';
import { chooseWindows } from '../../state/draft.ts';
import { isSettled } from '../../state/gating.ts';
import { MediaCard } from './media-card.tsx';

export function MediaStep() {
  const model = useModel();
  const { windows } = useDraft();
  const locked = isSettled('media', useRun());
  const product = windowsProduct(windows);
  return (
    <StepPage step="media">
      {locked ? <Settled /> : null}
      <fieldset className="plain" disabled={locked} aria-label="Media">
        <Card
          title="Windows version"
          hint={`Fits ${product.title}: virtio-win ${product.virtioWin}; Cloudbase-Init ${product.cloudbaseInit}.`}
          icon={<WindowRegular />}
        >
          <Field label="Windows version">
            <Select
              value={windows}
              onChange={(_, data) => model.change((draft) => chooseWindows(draft, data.value))}
            >
              {WINDOWS.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
          <p className="hint">
            Casement will load the disk driver from the folder “{product.virtioFolder}” of the virtio CD.
          </p>
        </Card>
        <MediaCard
          kind="windows"
          icon={<WindowRegular />}
          extensions={['iso']}
          hint={<>The installer CD of {product.title}, as Microsoft publishes it.</>}
          published="Evaluation: https://www.microsoft.com/evalcenter · Volume licence: https://admin.microsoft.com"
        />
        <MediaCard
          kind="virtio"
          icon={<PuzzlePieceRegular />}
          extensions={['iso']}
          hint={
            <>
              Drivers for <Explained term="virtio">VirtIO</Explained>, the virtual hardware of the cloud.
            </>
          }
          published="https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/"
        />
        <MediaCard
          kind="cloudbaseInit"
          icon={<AppsAddInRegular />}
          extensions={['msi']}
          hint={
            <>
              <Explained term="cloudbaseInit">Cloudbase-Init</Explained> prepares each new server at its first
              start.
            </>
          }
          published="https://cloudbase.it/cloudbase-init/#download (the x64 installer)"
        />
      </fieldset>
    </StepPage>
  );
}
