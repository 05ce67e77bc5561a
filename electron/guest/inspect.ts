// The proof from the disk: whether a switched-off Windows is a good image for OpenStack. Reads only, also of a disk that
// Casement did not build.
import { type Check, type Inspection, objections } from '../../shared/inspection.ts';
import type { MachinePlan } from '../../shared/plan.ts';
import { productOfBuild, windowsProduct } from '../../shared/windows.ts';
import type { Host } from '../host/types.ts';
import { cloudbaseInit, cloudbaseSettings, firewall, rdp } from './inspect-access.ts';
import { bitlocker, clock, hibernation, ntfsClean, recoveryPartition, registry } from './inspect-drive.ts';
import { guestAgent, networkDriver, otherDrivers, storageDriver } from './inspect-drivers.ts';
import type { DiskFacts } from './inspect-facts.ts';
import { gather } from './inspect-gather.ts';
import { answerFiles, imageState, pendingReboot, sysprep, sysprepErrors } from './inspect-setup.ts';
import { clipped, type Finding, words } from './inspect-words.ts';
import { openDisk } from './reader.ts';

export interface InspectOptions {
  /** The kind of disk the servers will have; without it either virtio kind will do. */
  readonly diskBus?: MachinePlan['diskBus'];
}

type Row = readonly [
  id: string,
  title: string,
  required: boolean,
  check: (facts: DiskFacts, options: InspectOptions) => Finding,
];

const MUST = true;
const MAY = false;

const CHECKS: readonly Row[] = [
  ['sysprep', 'Sysprep has generalized Windows', MUST, sysprep],
  ['image-state', 'Setup calls the image ready for its first start', MUST, imageState],
  ['sysprep-errors', 'Sysprep met no errors', MAY, sysprepErrors],
  [
    'storage-driver',
    'Windows starts from a virtio disk',
    MUST,
    (facts, { diskBus }) => storageDriver(facts, diskBus),
  ],
  ['network-driver', 'Windows knows the virtio network card', MUST, networkDriver],
  ['other-drivers', 'Further virtio drivers are installed', MAY, otherDrivers],
  ['rdp', 'Remote Desktop is allowed', MUST, rdp],
  ['firewall', 'The firewall lets Remote Desktop in', MUST, firewall],
  ['cloudbase-init', 'Cloudbase-Init prepares each new server', MUST, cloudbaseInit],
  ['cloudbase-settings', 'Cloudbase-Init hands a chosen password over', MAY, cloudbaseSettings],
  ['guest-agent', 'The QEMU guest agent is installed', MAY, guestAgent],
  ['answer-files', 'No password is left in answer files', MAY, answerFiles],
  ['pending-reboot', 'Windows waits for no restart', MAY, pendingReboot],
  ['hibernation', 'Windows is off and does not sleep', MUST, hibernation],
  ['ntfs-clean', 'The file system is clean', MUST, ntfsClean],
  ['bitlocker', 'The drive is not encrypted', MUST, bitlocker],
  ['registry', 'The registry can be read', MUST, registry],
  ['recovery-partition', 'Drive C: may grow', MAY, recoveryPartition],
  ['clock', 'Windows reads the clock as Nova sets it', MAY, clock],
];

/**
 * Looks at the Windows of a switched-off disk. Throws `guest.no-windows`, `guest.disk-in-use` or `guest.disk-unreadable`;
 * whatever else is wrong is a finding. The disk is never written.
 */
export async function inspectDisk(
  host: Host,
  disk: string,
  options: InspectOptions = {},
): Promise<Inspection> {
  return judge(await gather(await openDisk(host, disk)), options);
}

/** What the facts of a disk mean. Pure. */
export function judge(facts: DiskFacts, options: InspectOptions): Inspection {
  const checks = CHECKS.map(
    ([id, title, required, check]): Check => ({ id, title, ...check(facts, options), required }),
  );
  return { verdict: objections({ checks }).length === 0 ? 'good' : 'bad', ...version(facts), checks };
}

function version({ values }: DiskFacts): Pick<Inspection, 'product' | 'title' | 'build'> {
  const build = /^\d{4,6}$/.test(words(values.build)) ? Number(words(values.build)) : null;
  // Windows 11 still calls itself Windows 10 in its registry: the build number decides.
  const family = words(values.installationType).toLowerCase() === 'client' ? 'client' : 'server';
  const product = build === null ? null : productOfBuild(build, family);
  const title = product === null ? clipped(words(values.productName)) || null : windowsProduct(product).title;
  return { product, title, build };
}
