import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { screenChange, toPng } from '../../../electron/machine/png.ts';

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

describe('what has changed between two screenshots', () => {
  const grey = (pixels: string) => toPng(Buffer.from(`P6\n2 2\n255\n${pixels}`));

  it('is the share of pixels that differ in any colour', () => {
    expect(screenChange(grey('abcdefghijkl'), grey('abcdefghijkl'))).toBe(0);
    expect(screenChange(grey('abcdefghijkl'), grey('abcdeXghijkl'))).toBe(0.25);
    expect(screenChange(grey('aaaaaaaaaaaa'), grey('bbbbbbbbbbbb'))).toBe(1);
  });

  it('is all of it when the screen has another size', () => {
    expect(screenChange(grey('abcdefghijkl'), toPng(Buffer.from('P6\n1 1\n255\nabc')))).toBe(1);
  });
});
