import { Field, Select, Switch } from '@fluentui/react-components';
import { windowsProduct } from '../../../shared/windows.ts';
import { formatMemory } from '../../parts/format.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import { useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';

const FIRMWARE = { bios: 'BIOS', uefi: 'UEFI' } as const;

/** Memory, cores and the devices of the build machine. */
export function MachineFields() {
  const model = useModel();
  const { machine, windows } = useDraft();
  const probe = useApp((state) => state.probe);
  const product = windowsProduct(windows);
  const edit = (change: Partial<Draft['machine']>) =>
    model.change((draft) => ({ ...draft, machine: { ...draft.machine, ...change } }));
  const memoryTight = probe && machine.memoryMB > probe.memoryMB;
  const coresTight = probe && machine.cores > probe.cores;
  return (
    <div className="grid two">
      <NumberField
        label="Memory in MB"
        value={machine.memoryMB}
        min={512}
        max={1048576}
        step={512}
        hint={`Proposed: ${formatMemory(product.memoryMB)}`}
        onChange={(memoryMB) => edit({ memoryMB })}
        {...(memoryTight ? warning(`The host has ${formatMemory(probe.memoryMB)} in all.`) : {})}
      />
      <NumberField
        label="Cores"
        value={machine.cores}
        min={1}
        max={64}
        hint={`Proposed: ${product.cores}`}
        onChange={(cores) => edit({ cores })}
        {...(coresTight ? warning(`The host has ${probe.cores}.`) : {})}
      />
      <Field
        label={explainedLabel('Firmware', 'firmware')}
        {...(product.firmwares.includes(machine.firmware)
          ? {}
          : { validationMessage: `${product.title} cannot start with it.` })}
      >
        <Select
          value={machine.firmware}
          onChange={(_, data) => edit({ firmware: data.value === 'uefi' ? 'uefi' : 'bios' })}
        >
          {(['bios', 'uefi'] as const).map((firmware) => (
            <option key={firmware} value={firmware} disabled={!product.firmwares.includes(firmware)}>
              {FIRMWARE[firmware]}
              {firmware === product.firmware ? ' (proposed)' : ''}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={explainedLabel('Machine type', 'machineType')}>
        <Select
          value={machine.type}
          onChange={(_, data) => edit({ type: data.value === 'pc' ? 'pc' : 'q35' })}
        >
          {(['pc', 'q35'] as const).map((type) => (
            <option key={type} value={type}>
              {type}
              {type === product.machine ? ' (proposed)' : ''}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={explainedLabel('Disk bus', 'diskBus')}>
        <Select
          value={machine.diskBus}
          onChange={(_, data) =>
            edit({ diskBus: data.value === 'virtio-scsi' ? 'virtio-scsi' : 'virtio-blk' })
          }
        >
          <option value="virtio-blk">virtio-blk (proposed)</option>
          <option value="virtio-scsi">virtio-scsi</option>
        </Select>
      </Field>
      <Field
        label="Network while building"
        hint="Off keeps Windows Update and the Store from changing Windows before Sysprep."
      >
        <Switch
          checked={machine.network}
          label={machine.network ? 'On: Windows reaches the internet' : 'Off (proposed)'}
          onChange={(_, data) => edit({ network: data.checked })}
        />
      </Field>
      {machine.firmware === 'uefi' ? <UefiFields machine={machine} edit={edit} /> : null}
    </div>
  );
}

/** What only a UEFI machine can have. */
function UefiFields({
  machine,
  edit,
}: {
  readonly machine: Draft['machine'];
  readonly edit: (change: Partial<Draft['machine']>) => void;
}) {
  const probe = useApp((state) => state.probe);
  const q35 = machine.type === 'q35';
  return (
    <>
      <Field
        label="Secure Boot"
        hint="Only programs that Microsoft signed start the machine. Needs the machine type q35."
        {...(machine.secureBoot && probe && !probe.ovmfSecure
          ? warning('The host has no firmware for it: install the package ovmf there.')
          : {})}
      >
        <Switch
          checked={machine.secureBoot && q35}
          disabled={!q35}
          label={machine.secureBoot && q35 ? 'On' : 'Off'}
          onChange={(_, data) => edit({ secureBoot: data.checked })}
        />
      </Field>
      <Field
        label="TPM 2.0"
        hint="Windows 11 asks for one while it is installed; without it Setup is told to do without."
        {...(machine.tpm && probe && probe.swtpm === null
          ? warning('The host has no swtpm: install that package there, or switch it off.')
          : {})}
      >
        <Switch
          checked={machine.tpm}
          label={machine.tpm ? 'On' : 'Off'}
          onChange={(_, data) => edit({ tpm: data.checked })}
        />
      </Field>
    </>
  );
}

function warning(validationMessage: string) {
  return { validationMessage, validationState: 'warning' as const };
}
