// Computers behind SSH, and secrets by name, as parts of a Plan.
import { z } from 'zod';

/** Names a secret and where it lies: `env:NAME` (environment), `keyring:NAME` (desktop keyring) or `ask:LABEL`. */
export const secretRef = z
  .string()
  .regex(/^(env|keyring|ask):.+$/, 'write env:NAME, keyring:NAME or ask:LABEL')
  .describe('Where a secret lies; never the secret itself');

/** A computer behind SSH and how to sign in there. */
export const sshHost = z.strictObject({
  kind: z.literal('ssh'),
  address: z.string().min(1).describe('ssh://user@host:port, user@host, or a Host alias of ~/.ssh/config'),
  identity: z.string().optional().describe('Private key file (OpenSSH, PEM or PPK)'),
  jump: z.array(z.string()).optional().describe('Jump hosts in the order they are passed'),
  knownHosts: z.string().optional().describe('known_hosts file to use and to write'),
  agent: z.boolean().optional().describe('Offer the keys of the SSH agent (default: yes)'),
  password: secretRef.optional(),
  passphrase: secretRef.optional(),
});

export const hostSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('local') }).describe('This computer (Linux)'),
    sshHost,
  ])
  .describe('The KVM host that builds the image');
