// Where media lie: a file of the host (or of this computer), or an address that sends parts of it.
import { type Dispatcher, request } from 'undici';
import { CasementError } from '../../shared/errors.ts';
import type { Host } from '../host/types.ts';
import { shownUrl } from './faults.ts';
import type { Source } from './source.ts';

const SILENCE_MS = 30_000;

/** A file of the host. Throws `media.missing`, `media.not-a-file`, and what the host throws. */
export async function hostSource(host: Host, path: string): Promise<Source> {
  const stat = await host.files.stat(path);
  if (stat?.kind !== 'file')
    throw new CasementError({
      code: stat ? 'media.not-a-file' : 'media.missing',
      title: stat ? 'This is not a file' : 'The file is not there',
      whatHappened: `${host.label} has ${stat ? 'a folder or a device' : 'nothing'} at ${JSON.stringify(path)}.`,
      whatToDo: 'Check the path: case, spaces and the folder count.',
    });
  return { size: stat.bytes, read: (offset, length) => host.files.read(path, { offset, length }) };
}

/** A file behind an http(s) address. Throws `media.address` when it cannot be read in parts. */
export async function urlSource(url: string): Promise<Source> {
  const first = await part(url, 0, 1);
  const size = Number(/\/(\d+)$/.exec(String(first.headers['content-range'] ?? ''))?.[1] ?? Number.NaN);
  await first.body.dump();
  if (first.statusCode !== 206 || !Number.isSafeInteger(size))
    throw unusable(url, `The server answered ${first.statusCode} and does not send parts of the file.`);
  return {
    size,
    async read(offset, length) {
      const answer = await part(url, offset, length);
      if (answer.statusCode !== 206) {
        await answer.body.dump();
        throw unusable(url, `The server answered ${answer.statusCode} in the middle of the file.`);
      }
      return whole(answer.body, length, url);
    },
  };
}

async function part(url: string, offset: number, length: number): Promise<Dispatcher.ResponseData> {
  const headers = { range: `bytes=${offset}-${offset + length - 1}`, 'accept-encoding': 'identity' };
  let at = url;
  try {
    for (let hop = 0; hop < 6; hop += 1) {
      const answer = await request(at, { headers, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
      const { location } = answer.headers;
      if (answer.statusCode < 300 || answer.statusCode > 399 || typeof location !== 'string') return answer;
      await answer.body.dump();
      at = new URL(location, at).href;
    }
  } catch (cause) {
    throw unusable(url, `It cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  throw unusable(url, 'It sends from one address to the next without end.');
}

async function whole(body: AsyncIterable<Buffer>, length: number, url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let got = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      got += chunk.length;
      if (got > length) break;
    }
  } catch (cause) {
    throw unusable(
      url,
      `The connection broke off: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
  if (got > length) throw unusable(url, 'The server sends more than it was asked for.');
  return Buffer.concat(chunks);
}

function unusable(url: string, whatHappened: string): CasementError {
  return new CasementError({
    code: 'media.address',
    title: 'The file cannot be read at this address',
    whatHappened: `${shownUrl(url)}: ${whatHappened}`,
    whatToDo: 'Open the address in a browser; a file that needs a sign-in has to be downloaded first.',
  });
}
