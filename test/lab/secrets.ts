// The laboratory's passwords: random, made once per folder, kept in one file only root reads.
import { randomBytes } from 'node:crypto';
import { readJson, writeWhole } from './system/files.ts';

export interface Secrets {
  adminPassword: string;
  demoPassword: string;
  metadataSecret: string;
  userPassword: string;
  sudoPassword: string;
  innerPassword: string;
  passphrase: string;
  /** Present once Keystone has issued it. */
  appCredential?: { id: string; secret: string };
}

const random = () => randomBytes(18).toString('base64url');

/** The secrets kept in `path`, or undefined when none were made yet. */
export function readSecrets(path: string): Secrets | undefined {
  return readJson<Secrets>(path);
}

/** The secrets kept in `path`; makes them when there are none. */
export function ensureSecrets(path: string): Secrets {
  const kept = readSecrets(path);
  if (kept !== undefined) return kept;
  const made: Secrets = {
    adminPassword: random(),
    demoPassword: random(),
    metadataSecret: random(),
    userPassword: random(),
    sudoPassword: random(),
    innerPassword: random(),
    passphrase: random(),
  };
  saveSecrets(path, made);
  return made;
}

/** Keeps the secrets in `path`, readable for its owner only. */
export function saveSecrets(path: string, secrets: Secrets): void {
  writeWhole(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
}
