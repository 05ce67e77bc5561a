// The build VM of a run: its command line, its keys and CDs, its screen.
import { posix } from 'node:path';
import type { Duplex } from 'node:stream';
import { CasementError } from '../../shared/errors.ts';
import { handsFree, type MediaSource, type Plan } from '../../shared/plan.ts';
import { buildMachine, qemuShell, qemuWords } from '../machine/index.ts';
import type { Machine } from '../machine/types.ts';
import type { Facts } from '../run/types.ts';
import type { Service } from './handlers.ts';
import type { Hosts } from './hosts.ts';
import type { Runs } from './runs.ts';

export interface Machines {
  readonly service: Service<
    | 'machine.command'
    | 'machine.keys'
    | 'machine.type'
    | 'machine.screenshot'
    | 'machine.film'
    | 'machine.picture'
    | 'machine.media'
    | 'machine.eject'
    | 'machine.insert'
    | 'machine.reset'
    | 'machine.powerdown'
    | 'machine.stop'
  >;
  /** The VNC bytes of a run's build VM. */
  screen(run: string): Promise<Duplex>;
}

/** Build VMs by run; each call looks up which phase is running now. */
export function createMachines(hosts: Hosts, runs: Runs): Machines {
  const machine = async (run: string): Promise<Machine> => {
    const { plan, status } = await runs.info(run);
    const { dir, machine: phase } = status.facts;
    if (dir === undefined || !phase) throw notRunning();
    return buildMachine(await hosts.open(plan.host), dir, phase);
  };
  const film = async (run: string) => {
    const { plan, status } = await runs.info(run);
    if (status.facts.dir === undefined) throw notRunning();
    return { host: await hosts.open(plan.host), folder: posix.join(status.facts.dir, 'film') };
  };
  return {
    screen: async (run) => (await machine(run)).screen(),
    service: {
      async 'machine.command'({ plan, run }) {
        const facts: Facts = run === undefined ? {} : (await runs.info(run)).status.facts;
        const probe = facts.probe ?? (await hosts.probe(plan.host));
        const dir = facts.dir ?? posix.join(probe.workRoot, run ?? 'preview');
        const media = posix.join(posix.dirname(probe.workRoot), 'media');
        const words = qemuWords({
          plan,
          probe,
          dir,
          disk: facts.disk ?? posix.join(dir, 'disk.qcow2'),
          cds: [
            {
              id: 'windows',
              title: 'Windows',
              file: facts.media?.windows.path ?? place(plan, 'windows', media),
            },
            handsFree(plan)
              ? { id: 'build', title: 'Casement build CD', file: posix.join(dir, 'build.iso') }
              : {
                  id: 'virtio',
                  title: 'virtio-win',
                  file: facts.media?.virtio.path ?? place(plan, 'virtio', media),
                },
          ],
          bootFrom: facts.installed ? 'disk' : 'cd',
        });
        return { words, shell: qemuShell(words) };
      },
      'machine.keys': async ({ run, keys }) => (await machine(run)).keys(keys),
      'machine.type': async ({ run, text, layout }) => (await machine(run)).type(text, layout),
      'machine.screenshot': async ({ run }) => ({
        png: (await (await machine(run)).screenshot()).toString('base64'),
      }),
      async 'machine.film'({ run }) {
        const { host, folder } = await film(run);
        if (!(await host.files.stat(folder))) return [];
        const pictures = (await host.files.list(folder)).filter(({ name }) => PICTURE.test(name));
        return pictures
          .map(({ name, modified }) => ({ name, at: modified }))
          .sort((a, b) => a.at.localeCompare(b.at) || a.name.localeCompare(b.name));
      },
      async 'machine.picture'({ run, name }) {
        if (!PICTURE.test(name)) throw noPicture();
        const { host, folder } = await film(run);
        const path = posix.join(folder, name);
        if (!(await host.files.stat(path))) throw noPicture();
        return { png: (await host.files.read(path)).toString('base64') };
      },
      'machine.media': async ({ run }) => ({ drives: await (await machine(run)).drives() }),
      'machine.eject': async ({ run, drive }) => (await machine(run)).eject(drive),
      'machine.insert': async ({ run, drive, path }) => (await machine(run)).insert(drive, path),
      'machine.reset': async ({ run }) => (await machine(run)).reset(),
      'machine.powerdown': async ({ run }) => (await machine(run)).powerdown(),
      'machine.stop': async ({ run }) => (await machine(run)).stop(),
    },
  };
}

/** Names that the watch over a build gives its pictures. */
const PICTURE = /^[a-z-]+-\d{4}\.png$/;

const noPicture = (): CasementError =>
  new CasementError({
    code: 'machine.no-picture',
    title: 'There is no such picture',
    whatHappened: 'The film strip of this build has no picture of that name.',
    whatToDo: 'Choose one of the pictures that are shown.',
  });

// Where a medium will lie on the host once it was brought there.
function place(plan: Plan, kind: 'windows' | 'virtio', folder: string): string {
  const source: MediaSource = plan.media[kind];
  if ('path' in source) return source.path;
  const name = 'file' in source ? source.file : new URL(source.url).pathname;
  return posix.join(folder, name.split(/[/\\]/).at(-1) || `${kind}.iso`);
}

const notRunning = (): CasementError =>
  new CasementError({
    code: 'machine.not-running',
    title: 'The build VM is not running',
    whatHappened: 'This build has no VM running now.',
    whatToDo: 'Start or continue the build; its screen appears when the VM runs.',
  });
