// The command that proves an image by signing in to it: verify.
import type { Command } from 'commander';
import { createEvents } from '../backend/events.ts';
import { createHosts } from '../backend/hosts.ts';
import { createTrial } from '../backend/login-proof.ts';
import { createWays } from '../backend/ways.ts';
import type { Cloud } from '../cloud/types.ts';
import { proofOutcome, proveLogin, VERIFIED_AT } from '../run/prove-login.ts';
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
import { terminalAsk } from './terminal.ts';

interface Flags extends CloudOptions, HostOptions {
  readonly flavor?: string;
  readonly network?: string;
  readonly securityGroup?: string;
  readonly user: string;
  readonly json?: boolean;
}

/** Adds `verify`. */
export function addVerifyCommand(program: Command): void {
  withJson(withHost(withCloud(program.command('verify'))))
    .argument('<image>', 'name or id of the image')
    .option('--flavor <name>', 'flavor of the throw-away server (default: the smallest that fits)')
    .option('--network <name>', 'network of that server (default: one of the project)')
    .option('--security-group <id>', 'security group that lets Remote Desktop in, besides the default one')
    .option('--user <name>', 'account to sign in with', 'Administrator')
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
      await withCloudService(cloudFrom(flags), async (cloud, secrets, home) => {
        const image = await findImage(cloud, name);
        const trial = createTrial(home);
        const missing = await trial.missing();
        if (missing !== null) throw usageError('The image cannot be proven from here.', missing);
        const hosts = createHosts({ ask: terminalAsk(), secrets, events: createEvents() });
        const host = hostFrom(flags);
        const bar = process.stderr.isTTY && !flags.json;
        try {
          const proof = await proveLogin({
            cloud,
            image,
            mark: `casement-proof-${image.id}`,
            flavor: flags.flavor ?? null,
            network: flags.network ?? null,
            securityGroups: flags.securityGroup === undefined ? [] : [flags.securityGroup],
            tunnels: [host],
            user: flags.user,
            way: (addresses, signal, options) =>
              createWays({ home, hosts }).find(addresses, [host], signal, options),
            signIn: trial.signIn,
            onProgress: (progress) => {
              if (bar) process.stderr.write(`\r\x1b[2K${progressText(progress)}`);
            },
            note: async () => {},
            signal: stop.signal,
          });
          await cloud.updateImage(image.id, { set: { [VERIFIED_AT]: proof.at } });
          if (bar) process.stderr.write('\r\x1b[2K');
          if (flags.json) printJson({ image: image.id, name: image.name, verified: true, ...proof });
          else
            print(
              [
                `${image.name} is proven.`,
                ...Object.entries(proofOutcome(proof)).map(([label, value]) => `  ${label}: ${value}`),
              ].join('\n'),
            );
        } finally {
          await hosts.close();
        }
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
