// Says what a file is from its own structures, with few and small reads, whatever it is called and wherever it lies.
import { CasementError, isAbort } from '../../shared/errors.ts';
import type { MediaFacts } from '../../shared/media-facts.ts';
import { openDisc } from './disc.ts';
import { identifyVirtio } from './identify-virtio.ts';
import { identifyWindows } from './identify-windows.ts';
import { whatItIs } from './kinds.ts';
import { readMsi } from './msi.ts';
import { counted, damaged, type Source } from './source.ts';
import { find } from './tree.ts';

/** What genuine Windows media need is under 2 MiB; the folders of a driver CD and the tables of a package under 4 MiB. */
const READ_AT_MOST = 32 * 1024 * 1024;
const OLE = 'd0cf11e0a1b11ae1';

/** What was found, and what finding it cost. */
export interface Identified {
  readonly facts: MediaFacts;
  readonly bytesRead: number;
  readonly reads: number;
}

/** Identifies media. Throws `media.damaged` for a file whose structures contradict each other, and what reading throws. */
export async function identifyMedia(source: Source): Promise<Identified> {
  const head = await source.read(0, 1024);
  const msi = head.toString('hex', 0, 8) === OLE;
  const reader = counted(source, READ_AT_MOST);
  const facts = await whole(() => (msi ? installer(reader) : disc(reader, head)));
  return { facts, bytesRead: reader.bytesRead + head.length, reads: reader.reads + 1 };
}

/** A read behind the end of a buffer is the file's fault, not ours. */
async function whole<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CasementError || isAbort(error) || !(error instanceof RangeError)) throw error;
    throw damaged(error.message);
  }
}

async function installer(source: Source): Promise<MediaFacts> {
  const properties = await readMsi(source);
  const name = properties.get('ProductName') ?? '';
  const version = properties.get('ProductVersion') ?? '';
  if (!/^cloudbase-init/i.test(name))
    return other(`the installer of ${name === '' ? 'a program without a name' : name}`);
  return { kind: 'cloudbase-init', version: version.replace(/(\.0)+$/, ''), notes: [] };
}

async function disc(source: Source, head: Buffer): Promise<MediaFacts> {
  const { tree, boot } = await openDisc(source);
  if (!tree) return other(whatItIs(head));
  const windows = await identifyWindows(tree, boot);
  if (windows) return windows;
  const virtio = await identifyVirtio(tree);
  if (virtio) return virtio;
  const linux = (await find(tree, 'casper')) ?? (await find(tree, 'isolinux'));
  return other(
    linux
      ? 'a CD that starts Linux'
      : `a CD without Windows and without drivers (${tree.label || 'no name'})`,
  );
}

const other = (what: string): MediaFacts => ({ kind: 'other', what, notes: [] });
