// A screenshot as PNG. QEMU writes PNG itself from 7.1 on; before, and where it was built without, it writes PPM. Pure.
import { crc32, deflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { CasementError } from '../../shared/errors.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The larger side of a screen QEMU's VGA can have. */
const LARGEST_SIDE = 16_384;

/** The picture as PNG; a PNG passes as it is. Throws `machine.no-screenshot` for anything but PNG or binary PPM. */
export function toPng(picture: Buffer): Buffer {
  if (picture.subarray(0, 8).equals(SIGNATURE)) return picture;
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.subarray(0, 64).toString('latin1'));
  const [width, height] = [Number(header?.[1]), Number(header?.[2])];
  const pixels = picture.subarray(header?.[0].length ?? 0);
  if (!header || !(width <= LARGEST_SIDE && height <= LARGEST_SIDE) || pixels.length < width * height * 3)
    throw new CasementError({
      code: 'machine.no-screenshot',
      title: 'The screen could not be read',
      whatHappened: 'QEMU wrote a picture that is not complete.',
      whatToDo: 'Try again in a moment.',
    });
  const rows = Array.from({ length: height }, (_, row) =>
    // Each row begins with its filter; 0 is none.
    Buffer.concat([Buffer.of(0), pixels.subarray(row * width * 3, (row + 1) * width * 3)]),
  );
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  // 8 bits a channel, RGB.
  size.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The share of pixels that differ between two screenshots (PNG), 0 to 1; 1 when their sizes differ. */
export function screenChange(before: Buffer, after: Buffer): number {
  if (before.equals(after)) return 0;
  const [a, b] = [decode(before), decode(after)];
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) return 1;
  let changed = 0;
  for (let at = 0; at < a.data.length; at += a.channels)
    for (let channel = 0; channel < a.channels; channel += 1)
      if (a.data[at + channel] !== b.data[at + channel]) {
        changed += 1;
        break;
      }
  return changed / (a.width * a.height);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
