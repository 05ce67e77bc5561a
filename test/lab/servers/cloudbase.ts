// Plays Cloudbase-Init's part in setting Administrator's password, including the ways it goes wrong.

import { waitFor } from '../system/wait.ts';
import type { GuestId, Metadata, MetadataSource } from './metadata.ts';
import { encryptFor, postPassword, readMetadata } from './metadata.ts';
import { ACCOUNT, acceptsPassword, generatePassword } from './windows.ts';

export interface PasswordOutcome {
  /** What the account's password is now. */
  password: string;
  /** Whether the plugin is marked as done; otherwise it runs again at the next boot. */
  done: boolean;
}

export type Log = (line: string) => void;

async function publish(
  source: MetadataSource,
  guest: GuestId,
  metadata: Metadata,
  password: string,
  log: Log,
): Promise<boolean> {
  const key = Object.values(metadata.public_keys ?? {})[0];
  if (key === undefined) {
    log(
      'INFO cloudbaseinit.plugins.common.setuserpassword [-] No SSH public key available for password encryption',
    );
    return true;
  }
  const encrypted = encryptFor(key, password);
  if (encrypted === undefined) {
    // Windows has the new password by now, and nobody knows it.
    log(
      "ERROR cloudbaseinit.init [-] plugin 'SetUserPasswordPlugin' failed with error 'Unsupported SSH public key'",
    );
    return false;
  }
  const status = await postPassword(source, guest, encrypted);
  log(`DEBUG cloudbaseinit.metadata.services.httpservice [-] POST openstack/2013-04-04/password: ${status}`);
  return true;
}

/** Reads the metadata and decides on the password as CreateUser and SetUserPassword do. Throws when the metadata stays silent. */
export async function setUserPassword(
  source: MetadataSource,
  guest: GuestId,
  log: Log,
): Promise<PasswordOutcome> {
  const metadata = await waitFor(() => readMetadata(source, guest).catch(() => undefined), 20_000, 500);
  if (metadata === undefined) throw new Error('no metadata for this server');
  log("INFO cloudbaseinit.init [-] Metadata service loaded: 'HttpService'");
  log(`INFO cloudbaseinit.plugins.common.createuser [-] Setting password for existing user "${ACCOUNT}"`);
  const unknown = generatePassword();

  const injected = metadata.meta?.admin_pass;
  if (injected !== undefined && injected !== '') {
    log('WARNING cloudbaseinit.plugins.common.setuserpassword [-] Using admin_pass metadata user password');
    if (acceptsPassword(injected)) {
      log(
        `INFO cloudbaseinit.plugins.common.setuserpassword [-] Password succesfully updated for user ${ACCOUNT}`,
      );
      return { password: injected, done: true };
    }
    log(
      "ERROR cloudbaseinit.init [-] plugin 'SetUserPasswordPlugin' failed with error 'Set user password failed'",
    );
    return { password: unknown, done: false };
  }

  const generated = generatePassword();
  log('DEBUG cloudbaseinit.plugins.common.setuserpassword [-] Generating a random user password');
  log(
    `INFO cloudbaseinit.plugins.common.setuserpassword [-] Password succesfully updated for user ${ACCOUNT}`,
  );
  const done = await publish(source, guest, metadata, generated, log);
  // As a script does that sets a password of its own after Cloudbase-Init: the one that was reported is wrong.
  return { password: metadata.meta?.[LATER_PASSWORD] === undefined ? generated : unknown, done };
}

/** Metadata key of a server whose Windows changes the password after it was reported. */
const LATER_PASSWORD = 'standin-later-password';
