// What a hands-free build puts on its CDs: the answers that follow from plan and media, the drivers of this Windows, the
// installers and the admin's own scripts.
import { randomInt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { VirtioMediaFacts, WindowsImageFacts, WindowsMediaFacts } from '../../shared/media-facts.ts';
import { notesFor, virtioNotes } from '../../shared/media-fit.ts';
import { isAcceptable } from '../../shared/passwords.ts';
import { type Plan, type SetupPlan, setupDefaults } from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import { clientKey } from '../../shared/windows-keys.ts';
import type { Secrets } from '../desktop/port.ts';
import { DRIVER_FOLDER, type SetupAnswers, setupAnswerFile } from '../guest/answer-setup.ts';
import { sysprepAnswerFile } from '../guest/answer-sysprep.ts';
import { MASK } from '../guest/answer-xml.ts';
import type { CdFile } from '../guest/build-cd.ts';
import { BUILD_CMD, BUILD_PS1 } from '../guest/build-script.ts';
import { PROPOSED, serviceConf, unattendConf } from '../guest/cloudbase-conf.ts';
import type { Host } from '../host/types.ts';
import { findDrivers } from '../media/drivers.ts';
import { identifyMedia } from '../media/identify.ts';
import { hostSource } from '../media/places.ts';
import type { FileSource } from '../media/tree.ts';

/** Where the media of a build lie on the host. */
export interface MediaPaths {
  readonly windows: string;
  readonly virtio: string;
  readonly cloudbaseInit: string;
}

/** What the media say, checked to fit the plan. */
export interface SetupMedia {
  readonly windows: WindowsMediaFacts;
  readonly virtio: VirtioMediaFacts;
  readonly edition: WindowsImageFacts;
}

/** A script of the admin may have this many bytes. */
const SCRIPT_AT_MOST = 1024 * 1024;
const SCRIPT_KINDS = /\.(ps1|cmd|bat)$/i;
const UPDATE_KINDS = /\.(msu|cab)$/i;

/**
 * Reads the three media. Throws `setup.unfit-media` for media that cannot give this Windows, `setup.no-edition`
 * when the CD lacks the edition of the plan, and what reading throws.
 */
export async function readSetupMedia(host: Host, plan: Plan, paths: MediaPaths): Promise<SetupMedia> {
  const windows = (await identifyMedia(await hostSource(host, paths.windows))).facts;
  if (windows.kind !== 'windows') throw unfit('The Windows ISO holds no Windows.');
  if (windows.product !== plan.windows)
    throw unfit(
      `The Windows ISO holds ${windows.title}, and the plan says ${windowsProduct(plan.windows).title}.`,
    );
  const virtio = (await identifyMedia(await hostSource(host, paths.virtio))).facts;
  if (virtio.kind !== 'virtio-win') throw unfit('The driver CD holds no virtio drivers.');
  const cloudbase = (await identifyMedia(await hostSource(host, paths.cloudbaseInit))).facts;
  if (cloudbase.kind !== 'cloudbase-init') throw unfit('The third file is not the Cloudbase-Init installer.');
  const notes = [virtio, cloudbase].flatMap((facts) => notesFor(plan.windows, facts));
  const problem = [...windows.notes, ...notes].find(({ level }) => level === 'problem');
  if (problem) throw unfit(problem.text);
  if (plan.machine.firmware === 'uefi' ? !windows.boot.uefi : !windows.boot.bios)
    throw unfit(
      `The Windows ISO cannot start a machine with ${plan.machine.firmware.toUpperCase()} firmware.`,
    );
  return { windows, virtio, edition: editionOf(plan, windows) };
}

/** The edition that a plan means: the one it names, else Standard with a desktop, or Professional. */
export function editionOf(plan: Pick<Plan, 'setup'>, { images }: WindowsMediaFacts): WindowsImageFacts {
  const wanted = plan.setup?.edition;
  const usual = (image: WindowsImageFacts): boolean =>
    /^Server$/i.test(image.installationType)
      ? /^ServerStandard/i.test(image.edition)
      : /^Professional$/i.test(image.edition);
  const found =
    wanted === undefined
      ? (images.find(usual) ??
        images.find(({ installationType }) => !/core/i.test(installationType)) ??
        images[0])
      : images.find(({ index }) => index === wanted);
  if (found) return found;
  throw new CasementError({
    code: 'setup.no-edition',
    title: 'The Windows CD has no such edition',
    whatHappened: `The plan wants edition ${wanted}; the CD has ${images.map(({ index, displayName }) => `${index} (${displayName})`).join(', ')}.`,
    whatToDo: 'Choose one of these editions and continue.',
  });
}

/** Files of the CD for Setup and the first phase of the build script. `password` null masks every secret. */
export async function installFiles(
  host: Host,
  plan: Plan,
  paths: MediaPaths,
  media: SetupMedia,
  secrets: Secrets | null,
  password: string | null,
): Promise<CdFile[]> {
  const drivers = await findDrivers(await hostSource(host, paths.virtio), driverFolders(plan, media.virtio));
  const key = await productKey(plan, media, secrets);
  const answers: SetupAnswers = {
    ...answersOf(plan, media),
    machine: {
      ...plan.machine,
      tpm: plan.machine.tpm === true,
      secureBoot: plan.machine.secureBoot === true,
    },
    edition: media.edition.index,
    productKey: key,
    organization: plan.name,
    administratorPassword: password,
  };
  const agent = drivers.guestAgent;
  return [
    text('Autounattend.xml', setupAnswerFile(answers)),
    ...script(),
    ...(await Promise.all(
      drivers.files.map(({ driver, name, source, setup }) =>
        part(`${setup ? DRIVER_FOLDER : 'casement/drivers'}/${driver}/${name}`, paths.virtio, source),
      ),
    )),
    ...(agent ? [await part('casement/qemu-ga.msi', paths.virtio, agent)] : []),
  ];
}

/** Files of the CD for the second phase: Cloudbase-Init, Sysprep and the admin's own additions. No secret is on it. */
export async function sealFiles(
  host: Host,
  plan: Plan,
  paths: MediaPaths,
  media: SetupMedia,
): Promise<CdFile[]> {
  const settings = plan.cloudbaseInit ?? PROPOSED;
  return [
    ...script(),
    { path: 'casement/CloudbaseInitSetup.msi', link: paths.cloudbaseInit },
    text('casement/cloudbase-init.conf', serviceConf(settings)),
    text('casement/cloudbase-init-unattend.conf', unattendConf(settings)),
    text('casement/sysprep.xml', sysprepAnswerFile(answersOf(plan, media))),
    ...(await Promise.all((plan.scripts ?? []).map((source, index) => ownScript(host, source, index)))),
    ...(await updates(host, plan.updates)),
  ];
}

/** A password for the Administrator of the build VM: 24 letters and digits that Windows takes. */
export function buildPassword(): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  for (;;) {
    const made = Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join('');
    if (isAcceptable(made)) return made;
  }
}

function answersOf(plan: Plan, { windows }: SetupMedia) {
  const setup: SetupPlan = plan.setup ?? setupDefaults();
  return {
    product: windowsProduct(plan.windows),
    // A language that is not on the CD would make Setup ask.
    uiLanguage: windows.languages[0] ?? 'en-US',
    keyboard: setup.keyboard,
    systemLocale: setup.systemLocale,
    userLocale: setup.userLocale,
    timeZone: setup.timeZone,
  };
}

/** Where newer CDs bring drivers for this Windows that it refuses, those of an older Windows are taken. */
function driverFolders({ windows }: Plan, virtio: VirtioMediaFacts): string[] {
  const { virtioFolder, virtioSubstitute } = windowsProduct(windows);
  if (virtioSubstitute === null) return [virtioFolder];
  const refused = virtioNotes(windows, virtio).some(({ id }) => id === 'virtio-test-signed');
  return refused ? [virtioSubstitute] : [virtioFolder, virtioSubstitute];
}

async function productKey(
  plan: Plan,
  { windows, edition }: SetupMedia,
  secrets: Secrets | null,
): Promise<string | null> {
  const own = plan.setup?.productKey;
  if (windows.evaluation) {
    if (own === undefined) return null;
    throw unfit('The Windows ISO is an evaluation, which refuses every product key, and the plan names one.');
  }
  if (own === undefined) return clientKey(plan.windows, edition.edition);
  if (!secrets) return MASK;
  const key = (await secrets.get(own, 'the product key of Windows')).trim().toUpperCase();
  if (/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/.test(key)) return key;
  throw new CasementError({
    code: 'setup.bad-key',
    title: 'This is no product key',
    whatHappened: 'A product key of Windows has five groups of five letters and digits.',
    whatToDo: 'Check the product key and continue.',
  });
}

async function ownScript(
  host: Host,
  source: NonNullable<Plan['scripts']>[number],
  index: number,
): Promise<CdFile> {
  const from = 'path' in source ? source.path : source.file;
  const name = basename(from).replace(/[^A-Za-z0-9._-]/g, '_');
  if (!SCRIPT_KINDS.test(name)) throw badScript(from, 'Its name must end with .ps1, .cmd or .bat.');
  const path = `casement/scripts/${String(index + 1).padStart(2, '0')}-${name}`;
  if ('path' in source) {
    const found = await host.files.stat(from);
    if (found?.kind !== 'file') throw badScript(from, `${host.label} has no such file.`);
    return { path, link: from };
  }
  const found = await stat(from).catch(() => null);
  if (!found?.isFile()) throw badScript(from, 'This workstation has no such file.');
  if (found.size > SCRIPT_AT_MOST) throw badScript(from, 'It is larger than 1 MiB.');
  return { path, bytes: await readFile(from) };
}

async function updates(host: Host, folder: string | undefined): Promise<CdFile[]> {
  if (folder === undefined) return [];
  const names = (await host.files.list(folder))
    .filter(({ kind, name }) => kind === 'file' && UPDATE_KINDS.test(name))
    .map(({ name }) => name)
    .sort();
  return names.map((name, index) => ({
    path: `casement/updates/${String(index + 1).padStart(3, '0')}-${name.replace(/[^A-Za-z0-9._-]/g, '_')}`,
    link: posix.join(folder, name),
  }));
}

const script = (): CdFile[] => [text('casement/build.cmd', BUILD_CMD), text('casement/build.ps1', BUILD_PS1)];

const text = (path: string, content: string): CdFile => ({ path, bytes: Buffer.from(content, 'utf8') });

/** A file of another CD: by where its bytes lie, or by the bytes themselves where they lie in pieces with holes. */
async function part(path: string, from: string, source: FileSource): Promise<CdFile> {
  const parts = (source.extents ?? []).flatMap(({ at, length }) => (at === null ? [] : [{ at, length }]));
  if (source.extents !== null && parts.length === source.extents.length) return { path, from, parts };
  return { path, bytes: await source.read(0, source.size) };
}

const unfit = (whatHappened: string): CasementError =>
  new CasementError({
    code: 'setup.unfit-media',
    title: 'These media cannot be installed hands-free',
    whatHappened,
    whatToDo: 'Choose other media on the page "Media", or install by hand, and start again.',
  });

const badScript = (from: string, why: string): CasementError =>
  new CasementError({
    code: 'setup.bad-script',
    title: 'One of your scripts cannot be used',
    whatHappened: `${JSON.stringify(from)}: ${why}`,
    whatToDo: 'Correct the list of scripts and continue.',
  });
