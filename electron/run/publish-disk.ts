// Publishes a finished disk that no run of Casement made: what a plan would say is read from the disk itself.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { Inspection } from '../../shared/inspection.ts';
import { type MachinePlan, proposal } from '../../shared/plan.ts';
import type { ImagePlan } from '../../shared/plan-image.ts';
import { minimumProblem } from '../../shared/plan-image.ts';
import type { ImageView } from '../../shared/views.ts';
import { windowsProduct } from '../../shared/windows.ts';
import { imageRequest } from '../cloud/index.ts';
import type { Cloud } from '../cloud/types.ts';
import { diskFirmware, inspectDisk } from '../guest/index.ts';
import type { Host, OnProgress } from '../host/types.ts';
import { type DiskInfo, diskInfo } from '../machine/index.ts';
import { keepPassport } from './passport.ts';
import { passportProperties } from './passport-properties.ts';
import { complete, fill, type Publication, register, takeName } from './publication.ts';
import { sha512Of } from './stages/hash.ts';

/** What the admin says about the disk; what is left out is read from it. */
export interface DiskWish {
  readonly host: Host;
  readonly cloud: Cloud;
  /** Absolute path on the host. */
  readonly disk: string;
  readonly image: ImagePlan;
  readonly windows?: string;
  readonly machine: Partial<Pick<MachinePlan, 'firmware' | 'type' | 'diskBus' | 'secureBoot'>>;
  /** Whether the Windows in it is looked through first. */
  readonly inspect: boolean;
  /** Why a disk is published that failed its proof. */
  readonly acceptDisk?: string;
  /** Signs in to a server of the image, before it takes the name of an older one; null where nobody shall. */
  readonly prove: ((image: ImageView) => Promise<Proven>) | null;
  readonly home: string;
  readonly onProgress: OnProgress;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Whether somebody signed in, and what to say of it, label → value. */
export interface Proven {
  readonly proven: boolean;
  readonly told: Readonly<Record<string, string>>;
}

export interface Published {
  readonly id: string;
  readonly name: string;
  readonly visibility: string;
  readonly bytes: number;
  readonly virtualBytes: number;
  readonly sha512: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly inspection: Inspection | null;
  /** The passport on this workstation. */
  readonly passport: string;
  /** Further things to know, label → value. */
  readonly told: Readonly<Record<string, string>>;
}

const GIB = 2 ** 30;

/**
 * Publishes a disk and proves the upload. Called again after an interruption, it goes on with the same image. Throws
 * `publish.unfit-disk`, `guest.bad-image`, `publish.which-windows`, and what the cloud says.
 */
export async function publishDisk(wish: DiskWish): Promise<Published> {
  const { host, cloud, disk, image, signal } = wish;
  const info = await publishable(host, disk, image.format);
  const inspection = wish.inspect ? await looked(wish) : null;
  const windows = wish.windows ?? inspection?.product;
  if (!windows) throw whichWindows(inspection);
  const sizeGB = Math.ceil(info.virtualSize / GIB);
  const minimum = minimumProblem(image, sizeGB);
  if (minimum !== null) throw unfit(`${minimum}.`);
  const parts = {
    name: image.name,
    windows,
    disk: { sizeGB },
    machine: await machineOf(wish, windows),
    image: { ...image, format: info.format },
  };
  const stat = await host.files.stat(disk);
  const bytes = stat?.bytes ?? 0;
  const key = [host.label, disk, bytes, stat?.modified, cloud.authUrl, image.name].join('\0');
  const build = `disk-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
  const measured = { virtualBytes: info.virtualSize, inspection: inspection ?? undefined };
  const publication: Publication = {
    cloud,
    image: parts.image,
    request: imageRequest(parts, measured),
    tag: `casement:${build}`,
    noted: async (made, message) => wish.say(`${message} (${made.id})`),
  };
  const registered = await register(publication);
  const dir = posix.join(await host.home(), '.casement', 'builds', build);
  await host.files.mkdir(dir, 0o700);
  const sha512 = await sha512Of(host, { dir, disk, bytes, progress: wish.onProgress }, signal);
  const sending = { host, dir, disk, bytes, sha512, virtualBytes: info.virtualSize };
  const filled = await fill(publication, registered, { ...sending, onProgress: wish.onProgress, signal });
  const made = {
    casement: 1,
    build,
    builtAt: stat?.modified ?? null,
    name: image.name,
    windows: { id: windows, title: windowsProduct(windows).title },
    media: { windows: null, virtio: null, cloudbaseInit: null },
    machine: parts.machine,
    disk: { file: posix.basename(disk), sizeGB, bytes, sha512 },
    setup: null,
    inspection,
    acceptedBecause: wish.acceptDisk ?? null,
    image: { id: filled.id, name: image.name, hashAlgorithm: 'sha512', hash: sha512 },
  };
  const passport = await keepPassport(wish.home, filled.id, made);
  const shared = await complete(publication, filled.id, passportProperties(made));
  const login = wish.prove ? await wish.prove(filled) : null;
  const replaced = login?.proven === false ? {} : await takeName(publication, filled.id);
  await host.run(['rm', '-rf', '--', dir]);
  const finished = (await cloud.image(filled.id)) ?? filled;
  const { id, name, visibility, properties } = finished;
  const sizes = { bytes, virtualBytes: info.virtualSize, sha512 };
  return {
    id,
    name,
    visibility,
    ...sizes,
    properties,
    inspection,
    passport,
    told: { ...shared, ...login?.told, ...replaced },
  };
}

async function publishable(
  host: Host,
  disk: string,
  wanted: ImagePlan['format'],
): Promise<DiskInfo & { readonly format: 'qcow2' | 'raw' }> {
  const info = await diskInfo(host, disk);
  const { format } = info;
  if (info.inUse)
    throw unfit('Another program has the disk open: a VM runs from it. Shut the VM down first.');
  if (info.backing !== null)
    throw unfit(
      `The disk stands on another file (${info.backing}), which would be missing in the cloud. Make it whole: qemu-img convert -O qcow2 -c DISK NEW.`,
    );
  if (format !== 'qcow2' && format !== 'raw')
    throw unfit(
      `The disk is in the format ${format}. Make it one that every cloud takes: qemu-img convert -O qcow2 -c DISK NEW.`,
    );
  if (wanted !== undefined && wanted !== format)
    throw unfit(
      `The disk is in the format ${format}, not ${wanted}. Change it first: qemu-img convert -O ${wanted} DISK NEW.`,
    );
  return { ...info, format };
}

async function looked({ host, disk, machine, acceptDisk, say }: DiskWish): Promise<Inspection> {
  say('The Windows on the disk is looked through.');
  const { diskBus } = machine;
  const inspection = await inspectDisk(host, disk, diskBus === undefined ? {} : { diskBus });
  if (inspection.verdict === 'good' || acceptDisk !== undefined) return inspection;
  const failed = inspection.checks.filter(({ required, status }) => required && status !== 'passed');
  throw new CasementError({
    code: 'guest.bad-image',
    title: 'This disk would not make a good image',
    whatHappened: `Of what an image needs, this is not right: ${failed.map(({ title }) => title).join('; ')}. Nothing was uploaded.`,
    whatToDo:
      'See "casement image inspect DISK" for the reasons. To publish it all the same, say why: --accept-disk WHY.',
  });
}

/** The machine the disk was made on: as told, else its partition table and the catalogue decide. */
async function machineOf({ host, disk, machine }: DiskWish, windows: string): Promise<MachinePlan> {
  const usual = proposal(windows).machine;
  const firmware = machine.firmware ?? (await diskFirmware(host, disk)) ?? usual.firmware;
  const { tpm: _tpm, secureBoot: _secure, ...rest } = { ...usual, ...machine };
  const secureBoot = machine.secureBoot ?? (firmware === 'uefi' ? usual.secureBoot : undefined);
  return { ...rest, firmware, ...(secureBoot ? { secureBoot } : {}) };
}

const unfit = (whatHappened: string): CasementError =>
  new CasementError({
    code: 'publish.unfit-disk',
    title: 'This disk cannot be published as it is',
    whatHappened,
    whatToDo: 'Do what the sentence says, then publish again. Nothing was uploaded.',
  });

const whichWindows = (inspection: Inspection | null): CasementError =>
  new CasementError({
    code: 'publish.which-windows',
    title: 'It is not known which Windows the disk holds',
    whatHappened: inspection
      ? `The disk holds ${inspection.title ?? 'a Windows that tells no version'}, which is not in the catalogue.`
      : 'The disk was not looked through, and nobody said which Windows it holds.',
    whatToDo: 'Say which: --windows 2022 ("casement publish --help" lists them).',
  });
