// Step 3: the disk that becomes the image, and the machine in which Windows is installed onto it.
import { Button, Field, Input } from '@fluentui/react-components';
import {
  ArrowResetRegular,
  CodeRegular,
  DesktopTowerRegular,
  HardDriveRegular,
  TagRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { windowsProduct } from '../../../shared/windows.ts';
import { Card } from '../../parts/card.tsx';
import { formatBytes } from '../../parts/format.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { Settled } from '../../parts/settled.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import { chooseWindows } from '../../state/draft.ts';
import { isSettled } from '../../state/gating.ts';
import { CommandDialog } from './command-dialog.tsx';
import { MachineFields } from './machine-fields.tsx';

const GIB = 2 ** 30;

export function MachineStep() {
  const model = useModel();
  const draft = useDraft();
  const locked = isSettled('machine', useRun());
  const [command, setCommand] = useState(false);
  const product = windowsProduct(draft.windows);
  return (
    <StepPage step="machine">
      {locked ? <Settled /> : null}
      <fieldset className="plain" disabled={locked} aria-label="Disk and machine">
        <Card
          title="Name of this build"
          hint="So that you find it again among your builds."
          icon={<TagRegular />}
        >
          <Field label="Build name">
            <Input
              value={draft.name}
              maxLength={255}
              placeholder={product.title}
              onChange={(_, data) => model.change((now) => ({ ...now, name: data.value }))}
            />
          </Field>
        </Card>
        <Card
          title="Disk"
          icon={<HardDriveRegular />}
          hint={
            <>
              Servers start from this disk and grow it to the size of their own. It is a{' '}
              <Explained term="sparse">sparse</Explained> file.
            </>
          }
        >
          <DiskField />
        </Card>
        <Card
          title="Machine"
          icon={<DesktopTowerRegular />}
          hint={`Set for ${product.title}. Servers made from the image get their own memory and cores.`}
          action={
            <Button
              icon={<ArrowResetRegular />}
              appearance="subtle"
              onClick={() => model.change((now) => chooseWindows(now, now.windows))}
            >
              Back to the proposal
            </Button>
          }
        >
          <MachineFields />
        </Card>
      </fieldset>
      <div className="row">
        <Button icon={<CodeRegular />} onClick={() => setCommand(true)}>
          Show the QEMU command
        </Button>
      </div>
      {command ? <CommandDialog onClose={() => setCommand(false)} /> : null}
    </StepPage>
  );
}

function DiskField() {
  const model = useModel();
  const { sizeGB, windows } = useDraft();
  const free = useApp(({ probe }) => probe?.freeBytes);
  const product = windowsProduct(windows);
  const small = sizeGB < product.smallestDiskGB;
  const tight = free !== undefined && free < sizeGB * GIB;
  return (
    <div className="disk">
      <NumberField
        label="Disk size in GB"
        value={sizeGB}
        min={1}
        max={16384}
        onChange={(value) => model.change((draft) => ({ ...draft, sizeGB: value }))}
        {...(small
          ? { validationMessage: `The smallest known to work is ${product.smallestDiskGB} GB.` }
          : tight
            ? {
                validationState: 'warning' as const,
                validationMessage:
                  'More than is free on the host. That works as long as Windows does not fill it.',
              }
            : {})}
      />
      <dl className="facts">
        <div>
          <dt>Proposed</dt>
          <dd>{product.diskGB} GB</dd>
        </div>
        <div>
          <dt>Smallest known to work</dt>
          <dd>{product.smallestDiskGB} GB</dd>
        </div>
        <div>
          <dt>Free on the host</dt>
          <dd>{free === undefined ? 'connect to see' : formatBytes(free)}</dd>
        </div>
      </dl>
      <p className="hint disk-reason">{product.diskReason}</p>
    </div>
  );
}
