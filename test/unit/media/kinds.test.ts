import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mistaken } from '../../../electron/media/kinds.ts';

const SECTOR = 2048;
const none = new Uint8Array();

/** Volume descriptors with these identifiers, one a sector. */
function descriptors(...ids: string[]): Uint8Array {
  const bytes = Buffer.alloc(ids.length * SECTOR);
  for (const [i, id] of ids.entries()) bytes.write(id, i * SECTOR + 1, 'latin1');
  return bytes;
}
const head = (content: string | Buffer) => Buffer.from(content as string);
const zeros = Buffer.alloc(1024);

describe('telling what a file is', () => {
  it('takes ISO 9660, UDF and both together for a CD', () => {
    expect(mistaken('windows', zeros, descriptors('CD001'))).toBeNull();
    expect(mistaken('windows', zeros, descriptors('BEA01', 'NSR02', 'TEA01'))).toBeNull();
    expect(mistaken('virtio', zeros, descriptors('CD001', 'CD001', 'BEA01', 'NSR03', 'TEA01'))).toBeNull();
    expect(mistaken('windows', zeros, descriptors('BEA01', 'TEA01'))).toBe('something else');
  });

  it('takes only an OLE file for an MSI', () => {
    expect(mistaken('cloudbaseInit', Buffer.from('d0cf11e0a1b11ae1', 'hex'), none)).toBeNull();
    expect(mistaken('cloudbaseInit', head('MZ\x90'), none)).toBe('a Windows program (EXE)');
    expect(mistaken('cloudbaseInit', zeros, descriptors('CD001'))).toBe('a CD image (ISO)');
    expect(mistaken('windows', Buffer.from('d0cf11e0a1b11ae1', 'hex'), none)).toContain('MSI');
  });

  it('recognises a web page however it begins', () => {
    for (const page of [
      '<!DOCTYPE html><html>',
      '\ufeff\n  <HTML lang="en">',
      '<!-- saved -->\n<html>',
      '<head><title>Sign in',
    ])
      expect(mistaken('windows', head(page), none)).toContain('web page');
  });

  it('names what people confuse with an ISO', () => {
    expect(mistaken('windows', head('QFI\xfb').fill(0xfb, 3, 4), none)).toContain('qcow2');
    expect(mistaken('windows', head('MSWIM\0\0\0'), none)).toContain('WIM');
    expect(mistaken('windows', head('vhdxfile'), none)).toContain('VHDX');
    expect(mistaken('windows', head('PK\x03\x04'), none)).toContain('ZIP');
    expect(mistaken('windows', head('{"error":"denied"}'), none)).toContain('JSON');
    expect(mistaken('windows', head('not found\n'), none)).toBe('a text');
  });

  it('has an answer for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 5000 }), (start, later) => {
        const what = mistaken('windows', start, later);
        return what === null || what.length > 0;
      }),
    );
  });
});
