// The command that proves an image by signing in to it: verify.
import type { Command } from 'commander';
import type { Cloud } from '../cloud/types.ts';
import { proofOutcome, VERIFIED_AT } from '../run/prove-login.ts';
import { withCloudService } from './backend.ts';
import {
  type CloudOptions,
  cloudFrom,
  type HostOptions,
  hostFrom,
  withCloud,
  withHost,
  withJson,
} from './options.ts';
import { print, printJson, usageError } from './output.ts';
import { progressText } from './progress.ts';
import { type ProofFlags, proveImage, withProof } from './prove.ts';

interface Flags extends CloudOptions, HostOptions, ProofFlags {
  readonly json?: boolean;
}

/** Adds `verify`. */
export function addVerifyCommand(program: Command): void {
  withJson(withProof(withHost(withCloud(program.command('verify')))))
    .argument('<image>', 'name or id of the image')
    .summary('prove an image: launch a throw-away server, sign in to its desktop, delete it')
    .description(
      'Launches a server with a key pair of its own, waits for the password that Windows reports, signs in with FreeRDP on a\n' +
        'screen that nobody sees, and deletes server, key pair and everything else again, also when it fails or is\n' +
        `interrupted. Success is written to the image as ${VERIFIED_AT}. --host names an SSH host to go through where the\n` +
        'address of the server cannot be reached from here.',
    )
    .addHelpText('after', '\nExample:\n  casement verify "Windows Server 2022" --cloud demo')
    .action(async (name: string, flags: Flags) => {
      const stop = new AbortController();
      const interrupted = (): void => stop.abort(new DOMException('Interrupted', 'AbortError'));
      process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
      const bar = process.stderr.isTTY && !flags.json;
      await withCloudService(cloudFrom(flags), async (cloud, secrets, home) => {
        const image = await findImage(cloud, name);
        const proof = await proveImage({
          ...{ cloud, secrets, home, image, flags },
          host: hostFrom(flags),
          onProgress: (progress) => {
            if (bar) process.stderr.write(`\r\x1b[2K${progressText(progress)}`);
          },
          signal: stop.signal,
        });
        if (bar) process.stderr.write('\r\x1b[2K');
        if ('missing' in proof) throw usageError('The image cannot be proven from here.', proof.missing);
        if (flags.json) printJson({ image: image.id, name: image.name, verified: true, ...proof });
        else
          print(
            [
              `${image.name} is proven.`,
              ...Object.entries(proofOutcome(proof)).map(([label, value]) => `  ${label}: ${value}`),
            ].join('\n'),
          );
      });
    });
}

async function findImage(cloud: Cloud, name: string) {
  const images = await cloud.images();
  const found = images.filter((image) => image.id === name || image.name === name);
  const [only] = found;
  if (only && found.length === 1) return only;
  throw usageError(
    found.length === 0 ? `No image is called ${name}.` : `${found.length} images are called ${name}.`,
    found.length === 0
      ? 'The command "casement images" lists what there is.'
      : `Write the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
