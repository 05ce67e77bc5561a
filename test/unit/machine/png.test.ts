import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toPng } from '../../../electron/machine/png.ts';

describe('a screenshot in PPM', () => {
  it('becomes a PNG with the same pixels', () => {
    const png = toPng(Buffer.concat([Buffer.from('P6\n2 2\n255\n'), Buffer.from('abcdefghijkl')]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 2]);
    const start = png.indexOf('IDAT');
    const data = png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4));
    expect(inflateSync(data).toString('latin1')).toBe('\0abcdef\0ghijkl');
  });

  it.each(['', 'P6\n2 2\n255\nabc', 'P6\n99999999 99999999\n255\n', 'GIF89a'])(
    'is refused when it is %j',
    (text) => {
      expect(() => toPng(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'machine.no-screenshot' }),
      );
    },
  );
});
