import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlConfig, parseAnswer } from '../../../electron/media/download-script.ts';
import { shownUrl } from '../../../electron/media/faults.ts';
import { hostName, nameOfUrl } from '../../../electron/media/names.ts';

const hash = `1a2b3c4d${'0'.repeat(56)}`;

describe('the name of a medium on the host', () => {
  it('can be recognised', () => {
    expect(hostName('windows', 'SERVER_EVAL_x64FRE_en-us.iso', hash)).toBe(
      'SERVER_EVAL_x64FRE_en-us-1a2b3c4d.iso',
    );
    expect(hostName('windows', 'Übung (final) v2.ISO', hash)).toBe('U-bung-final-v2-1a2b3c4d.iso');
    expect(hostName('cloudbaseInit', '文', hash)).toBe('CloudbaseInitSetup-1a2b3c4d.msi');
  });

  it('never leads elsewhere, whatever the file was called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (original) => {
        const name = hostName('windows', original, hash);
        return /^[A-Za-z0-9_][A-Za-z0-9._-]*-1a2b3c4d\.iso$/.test(name) && name.length < 120;
      }),
    );
  });

  it('comes from an address only when that names a file', () => {
    expect(nameOfUrl('https://example.org/a/virtio-win%200.1.iso?sig=x')).toBe('virtio-win 0.1.iso');
    expect(nameOfUrl('https://go.example.com/fwlink/?linkid=1')).toBe('');
    expect(nameOfUrl('https://example.org/%E0%A4%A.iso')).toBe('%E0%A4%A.iso');
  });
});

describe('asking a server', () => {
  it('believes the last answer of a chain of redirections', () => {
    const text =
      'HTTP/1.1 302 Found\r\nLocation: /b.iso\r\nContent-Length: 5\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: "v2"\r\nContent-Type: application/octet-stream\r\n\r\n' +
      '\n200 https://example.org/b.iso\n';
    expect(parseAnswer(text)).toEqual({
      status: 200,
      bytes: 1000,
      version: '"v2"',
      url: 'https://example.org/b.iso',
      html: false,
    });
  });

  it('sees a web page, a missing length and no answer at all', () => {
    const page = 'HTTP/2 200\r\ncontent-type: text/html; charset=utf-8\r\n\r\n\n200 https://example.org/\n';
    expect(parseAnswer(page)).toMatchObject({ html: true, bytes: null, version: '' });
    expect(parseAnswer('\n000 http://nowhere.example/\n')).toBeNull();
    expect(parseAnswer('')).toBeNull();
  });

  it('gives curl an address as one line that cannot become another option', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.string(), (url, more) => {
        const hostile = `${url}${url.includes('?') ? '&' : '?'}x="\n--output /etc/passwd\\${more}`;
        if (!URL.canParse(hostile)) return true;
        const config = curlConfig(hostile);
        return /^url = "(?:[^"\\\n]|\\["\\])*"\n$/.test(config);
      }),
    );
  });

  it('shows an address without what may be secret in it', () => {
    expect(shownUrl('https://user:pw@example.org/a.iso?token=x#y')).toBe('https://example.org/a.iso');
  });
});
