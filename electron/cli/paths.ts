// Paths of the command line.
import { posix } from 'node:path';
import { usageError } from './output.ts';

/** A path of the command line: on this computer it may be relative; another host has no such folder. */
export function onHost(path: string, local: boolean): string {
  if (local) return posix.resolve(path);
  if (path.startsWith('/')) return path;
  throw usageError(`${path} is not a whole path.`, 'On another host, write the path from / on.');
}
