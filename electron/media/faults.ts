// Every error this folder throws, with the sentences an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';
import type { MediaKind } from '../../shared/plan.ts';
import { FORMAT } from './kinds.ts';

const TITLES: Readonly<Record<MediaKind, string>> = {
  windows: 'Windows ISO',
  virtio: 'virtio-win ISO',
  cloudbaseInit: 'Cloudbase-Init installer',
};

/** A name or address as one line of plain characters. */
const plain = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => JSON.stringify(c).slice(1, -1)).slice(0, 300);

/** An address without what may be a secret in it: user, password, query, fragment. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return plain(`${protocol}//${host}${pathname}`);
}

export const missing = (kind: MediaKind, path: string, where: 'The host' | 'This workstation') =>
  new CasementError({
    code: 'media.missing',
    title: `The ${TITLES[kind]} is not there`,
    whatHappened: `${where} has no file ${plain(path)}.`,
    whatToDo: 'Choose the file again with Browse, or give an address to download it from.',
  });

export const notAFile = (kind: MediaKind, path: string) =>
  new CasementError({
    code: 'media.not-a-file',
    title: `The ${TITLES[kind]} is not a file`,
    whatHappened: `${plain(path)} is a folder or a device.`,
    whatToDo: 'Choose a file.',
  });

export const empty = (kind: MediaKind, where: string) =>
  new CasementError({
    code: 'media.empty',
    title: `The ${TITLES[kind]} is empty`,
    whatHappened: `${plain(where)} has no content.`,
    whatToDo: 'It may be the rest of a broken download: get the file again.',
  });

export const wrongKind = (kind: MediaKind, where: string, what: string) =>
  new CasementError({
    code: what.startsWith('a web page') ? 'media.html' : 'media.wrong-kind',
    title: `This is not a ${TITLES[kind]}`,
    whatHappened: `${plain(where)} is ${what}; wanted is ${FORMAT[kind].words}.`,
    whatToDo: what.startsWith('a web page')
      ? 'Use the address of the file itself, not of the page that offers it; some need signing in first.'
      : 'Choose another file.',
  });

export const wrongHash = (kind: MediaKind, where: string, wanted: string, found: string, removed: boolean) =>
  new CasementError({
    code: 'media.wrong-hash',
    title: `The ${TITLES[kind]} is not the expected file`,
    whatHappened: `The SHA-256 of ${plain(where)} is not the one that was given.${removed ? ' The download was removed.' : ''}`,
    whatToDo: 'Get the file again from its publisher, or correct the SHA-256.',
    detail: `expected ${wanted}\nfound ${found}`,
  });

/** The exit statuses of curl that people meet, in words. */
const CURL: Readonly<Record<number, string>> = {
  1: 'the address leads to a protocol other than http and https',
  3: 'the address is malformed',
  5: 'the name of the proxy is unknown',
  6: 'the name of the server is unknown to the host',
  7: 'the server does not accept connections',
  23: 'the host could not write the file',
  28: 'the server did not answer in time',
  35: 'the secure connection could not be made',
  47: 'the address redirects in circles',
  60: "the server's certificate is not trusted by the host",
  127: 'curl is not installed on the host',
};

export const downloadFailed = (kind: MediaKind, url: string, exit: number | null, log: string) => {
  const http = /returned error: (\d{3})/.exec(log)?.[1];
  const reason =
    http !== undefined
      ? `the server answered with HTTP ${http}${HTTP[http] ?? ''}`
      : exit === null
        ? 'the download was ended from outside'
        : (CURL[exit] ?? 'the connection broke again and again');
  return new CasementError({
    code: 'media.download-failed',
    title: `The ${TITLES[kind]} could not be downloaded`,
    whatHappened: `${shownUrl(url)}: ${reason}.`,
    whatToDo:
      'Check the address and try again; what has arrived is kept. Or download the file to this workstation.',
    detail: `curl status ${exit ?? 'unknown'}\n${log.replaceAll(url, shownUrl(url)).slice(-2000)}`,
  });
};

const HTTP: Readonly<Record<string, string>> = {
  401: ' (sign-in needed)',
  403: ' (forbidden)',
  404: ' (not found)',
  410: ' (gone)',
};
