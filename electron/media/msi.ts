// The properties of a Windows Installer package: an OLE compound file with a small database in it.
// Source of the layout: the Windows Installer database format as Wine's msi.dll reads it (dlls/msi/string.c, table.c).
import { openOle } from './ole.ts';
import { damaged, type Source } from './source.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';

/** The table `Property` of a package; reads its streams' sectors only. Throws `media.damaged`. */
export async function readMsi(source: Source): Promise<ReadonlyMap<string, string>> {
  const streams = await openOle(source);
  const named = (name: string) => streams.find((stream) => streamName(stream.name) === name)?.bytes();
  const pool = await named('!_StringPool');
  const data = await named('!_StringData');
  const table = await named('!Property');
  if (!pool || !data || !table) throw damaged('the installer package has no table of properties');
  return propertiesOf(
    table,
    stringsOf(pool, data),
    pool.length >= 4 && (pool.readUInt16LE(2) & 0x8000) !== 0,
  );
}

/** Names of streams hold two characters in one, from U+3800 on; U+4840 marks a table. */
function streamName(name: string): string {
  return [...name]
    .map((character) => {
      const code = character.charCodeAt(0);
      if (code === 0x4840) return '!';
      if (code >= 0x3800 && code < 0x4800)
        return `${ALPHABET[(code - 0x3800) & 63]}${ALPHABET[(code - 0x3800) >> 6]}`;
      if (code >= 0x4800 && code < 0x4840) return ALPHABET[code - 0x4800];
      return character;
    })
    .join('');
}

function stringsOf(pool: Buffer, data: Buffer): string[] {
  const strings = [''];
  let from = 0;
  for (let at = 4; at + 4 <= pool.length; at += 4) {
    let length = pool.readUInt16LE(at);
    // A text of 64 KiB and more: the next entry is its length.
    if (length === 0 && pool.readUInt16LE(at + 2) !== 0 && at + 8 <= pool.length) {
      at += 4;
      length = pool.readUInt16LE(at) * 0x10000 + pool.readUInt16LE(at - 2);
    }
    strings.push(data.toString('utf8', from, from + length));
    from += length;
  }
  return strings;
}

/** The table is kept column by column; a reference to a text has two bytes, three in large packages. */
function propertiesOf(table: Buffer, strings: readonly string[], wide: boolean): Map<string, string> {
  const width = wide ? 3 : 2;
  const rows = Math.floor(table.length / (2 * width));
  const text = (at: number) => strings[table.readUIntLE(at * width, width)] ?? '';
  return new Map(Array.from({ length: rows }, (_, row) => [text(row), text(rows + row)]));
}
