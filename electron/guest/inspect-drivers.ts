// Checks of the drivers a server in the cloud cannot do without. Pure. Source: the INF files of virtio-win; Microsoft on staging
// drivers (pnputil): a driver whose device is not there waits in the store and is taken from there.
import type { MachinePlan } from '../../shared/plan.ts';
import type { DiskFacts } from './inspect-facts.ts';
import {
  type Finding,
  failed,
  hiddenOf,
  IN_WINDOWS,
  isThere,
  number,
  passed,
  SYSPREP_AGAIN,
  tell,
  unknown,
  warned,
  words,
} from './inspect-words.ts';

/** Values of a service's Start: with the boot loader; never. */
const BOOT_START = 0;
const DISABLED = 4;
const GROUP = 'SCSI miniport';

const STORAGE = {
  'virtio-blk': { name: 'viostor', start: 'viostorStart', group: 'viostorGroup' },
  'virtio-scsi': { name: 'vioscsi', start: 'vioscsiStart', group: 'vioscsiGroup' },
} as const;
const BUSES = ['virtio-blk', 'virtio-scsi'] as const;

/** Whether Windows finds its own disk; `bus` is the one the servers will have, undefined when either will do. */
export function storageDriver(facts: DiskFacts, bus: MachinePlan['diskBus'] | undefined): Finding {
  const buses = bus === undefined ? BUSES : [bus];
  const needed = buses.flatMap((each) => [
    facts.values[STORAGE[each].start],
    facts.files[STORAGE[each].name],
  ]);
  const evidence = BUSES.flatMap((each) => {
    const { name, start, group } = STORAGE[each];
    return [tell(facts.values[start]), tell(facts.values[group]), tell(facts.files[name], isThere)];
  });
  const ready = buses.filter((each) => {
    const { name, start } = STORAGE[each];
    return number(facts.values[start]) === BOOT_START && facts.files[name].state === 'found';
  });
  if (ready.length === 0) {
    const hidden = hiddenOf(...needed);
    if (hidden.length > 0) return unknown(...hidden);
    return failed(
      `Windows would stop with INACCESSIBLE_BOOT_DEVICE. ${IN_WINDOWS} with a disk of the kind the cloud uses and install ${buses.map((each) => `${STORAGE[each].name} (${each})`).join(' or ')} from the virtio-win CD, so that the service starts with the boot loader (Start = 0), ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  }
  const odd = ready.some(
    (each) => words(facts.values[STORAGE[each].group]).toLowerCase() !== GROUP.toLowerCase(),
  );
  if (odd)
    return warned(
      `The driver is there, but not in the group "${GROUP}", so Windows may load it too late. Install it again from the virtio-win CD.`,
      ...evidence,
    );
  return passed(`Starts from ${ready.join(' and ')}`, ...evidence);
}

/** Whether a server reaches the network. */
export function networkDriver({ values, files, driverStore }: DiskFacts): Finding {
  const { netkvmStart } = values;
  const waiting =
    driverStore.state === 'found' ? driverStore.value.filter((name) => /^netkvm\.inf_/i.test(name)) : [];
  const store = tell(driverStore, () => `has ${waiting.join(', ') || 'no netkvm.inf'}`);
  const evidence = [tell(netkvmStart), tell(files.netkvm, isThere), store];
  const start = number(netkvmStart);
  if (start === DISABLED)
    return failed(
      `The driver is switched off. ${IN_WINDOWS}, install NetKVM again from the virtio-win CD, ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  if ((start !== null && files.netkvm.state === 'found') || waiting.length > 0) return passed(...evidence);
  const hidden = hiddenOf(netkvmStart, files.netkvm, driverStore);
  if (hidden.length > 0) return unknown(...hidden);
  return failed(
    `A server with a virtio network card would stay unreachable. ${IN_WINDOWS}, install NetKVM from the virtio-win CD with pnputil -i -a, ${SYSPREP_AGAIN}.`,
    ...evidence,
  );
}

/** The drivers that make a server easier to manage. */
export function otherDrivers({ files }: DiskFacts): Finding {
  const evidence = [tell(files.vioser, isThere), tell(files.balloon, isThere)];
  const hidden = hiddenOf(files.vioser, files.balloon);
  if (hidden.length > 0) return unknown(...hidden);
  if (files.vioser.state === 'found' && files.balloon.state === 'found') return passed(...evidence);
  return warned(
    'Nothing breaks without them. For the guest agent install vioserial, for memory that the host may take back install Balloon, both from the virtio-win CD.',
    ...evidence,
  );
}

/** Whether the cloud can talk to Windows: password change, backups with quiesced file systems. */
export function guestAgent({ values, files }: DiskFacts): Finding {
  const { guestAgentStart } = values;
  const evidence = [tell(guestAgentStart), tell(files.vioser, isThere)];
  const hidden = hiddenOf(guestAgentStart);
  if (hidden.length > 0) return unknown(...hidden);
  const start = number(guestAgentStart);
  if (start === null || start === DISABLED)
    return warned(
      'Without it the cloud can neither change a forgotten password nor quiesce file systems for backups. Install guest-agent\\qemu-ga-x86_64.msi of the virtio-win CD if you need that.',
      ...evidence,
    );
  if (files.vioser.state === 'absent')
    return warned(
      'The agent is installed, but its channel to the host has no driver: install vioserial from the virtio-win CD.',
      ...evidence,
    );
  return passed(...evidence);
}
