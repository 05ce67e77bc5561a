// A screenshot as PNG. QEMU writes PNG itself from 7.1 on; before, and where it was built without, it writes PPM. Pure.
import { crc32, deflateSync } from 'node:zlib';
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

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
