// Bytes of a disk image on the host by offset, whatever its format, without root and without a mount.
import type { Host } from '../host/types.ts';
import { diskInUse, diskUnreadable } from './faults.ts';
import type { Read } from './partitions.ts';

/** A disk image that nobody else uses, open for reading. */
export interface Disk {
  readonly path: string;
  readonly format: string;
  /** Virtual size in bytes. */
  readonly size: number;
  readonly read: Read;
}

/** Devices are read by whole sectors of this size at most; a multiple of it suits every image. */
const BLOCK = 4096;

/** Arguments: what to read, as a JSON description. qemu-img writes into files only, so the bytes take that way. */
const READ_SCRIPT = `
umask 077
t=$(mktemp) || exit
trap 'rm -f "$t"' EXIT
qemu-img convert -O raw "$1" "$t" >&2 && cat "$t"
`;

/**
 * A part of an image as QEMU's tools understand it on their command line. (`qemu-img dd skip= count=` counts from the
 * start of the image in some versions and from `skip` in others.)
 */
export function slice(disk: Pick<Disk, 'path' | 'format'>, offset: number, size: number) {
  return {
    driver: 'raw',
    offset,
    size,
    file: { driver: disk.format, file: { driver: 'file', filename: disk.path } },
  };
}

/** Opens an image for reading. Throws `guest.disk-in-use`, `guest.disk-unreadable`. */
export async function openDisk(host: Host, path: string): Promise<Disk> {
  const { code, stdout, stderr } = await host.run(['qemu-img', 'info', '--output=json', '--', path], {
    allowFailure: true,
  });
  if (code !== 0) throw readFault(path, stderr);
  const info = JSON.parse(stdout) as { format?: unknown; 'virtual-size'?: unknown };
  const format = String(info.format);
  const size = Number(info['virtual-size']);
  return {
    path,
    format,
    size,
    read: async (offset, length) => {
      const until = Math.min(offset + length, size);
      if (!(offset >= 0 && until > offset)) return Buffer.alloc(0);
      const first = offset - (offset % BLOCK);
      const end = Math.min(Math.ceil(until / BLOCK) * BLOCK, size);
      const bytes = await readSlice(host, path, slice({ path, format }, first, end - first));
      return bytes.subarray(offset - first, until - first);
    },
  };
}

/** Whether QEMU's tools complain that somebody else has the image open. */
export function isLockMessage(stderr: string): boolean {
  return /Failed to get .{0,20}lock|Is another process using the image/.test(stderr);
}

/** The same reader, its zero a partition's first byte and its end the partition's end. */
export function within(read: Read, start: number, size: number): Read {
  return (offset, length) =>
    offset >= size ? Promise.resolve(Buffer.alloc(0)) : read(start + offset, Math.min(length, size - offset));
}

async function readSlice(host: Host, path: string, part: ReturnType<typeof slice>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const words = ['sh', '-c', READ_SCRIPT, 'casement-read', `json:${JSON.stringify(part)}`];
  const { code, stderr } = await host.run(words, {
    allowFailure: true,
    onStdout: (chunk) => chunks.push(chunk),
  });
  if (code !== 0) throw readFault(path, stderr);
  return Buffer.concat(chunks);
}

function readFault(path: string, stderr: string) {
  return isLockMessage(stderr) ? diskInUse(path, stderr) : diskUnreadable(path, stderr);
}
