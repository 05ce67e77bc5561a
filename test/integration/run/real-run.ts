// A real build against the laboratory, driven through the command line as a child process that a test may kill, with the
// robot at the screen. Reads the lab's work folders directly: the laboratory is on this machine.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse, stringify } from 'yaml';
import { createSecrets } from '../../../electron/backend/secrets.ts';
import { openCloud } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { localHost } from '../../../electron/host/index.ts';
import { buildMachine } from '../../../electron/machine/index.ts';
import { readJournal } from '../../../electron/run/journal.ts';
import { type Plan, planSchema } from '../../../shared/plan.ts';
import type { JournalLine, RunView } from '../../../shared/views.ts';
import { playAdmin } from '../../lab/robot.ts';

const CLI = 'electron/cli.ts';

/** How one process of a build ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lines: readonly JournalLine[];
}

/** One build from plan to desktop, over as many processes as the test likes. */
export class RealRun {
  readonly plan: Plan;
  readonly home: string;
  id = '';
  readonly #env: NodeJS.ProcessEnv;
  readonly #robotStop = new AbortController();
  #robot: Promise<void> | undefined;
  #child: ChildProcess | undefined;

  constructor(plan: Plan, home: string) {
    this.plan = plan;
    this.home = home;
    this.#env = {
      ...process.env,
      CASEMENT_HOME: home,
      CASEMENT_LAB_DIR: process.env.CASEMENT_LAB_DIR ?? labDir(),
    };
    this.#env.CASEMENT_PRACTICE_PASSWORD = 'Casement-practice-1';
  }

  /** A build of the laboratory's plan, changed by `change`, with a state folder of its own. */
  static async create(name: string, change: (plan: Plan) => Plan = (plan) => plan): Promise<RealRun> {
    const printed = execFileSync(process.execPath, ['test/lab/lab.ts', 'plan'], { encoding: 'utf8' });
    // By hand, as the robot does it; a test may want Setup to answer itself.
    const { setup: _, ...byHand } = parse(printed) as Record<string, unknown>;
    const plan = change(planSchema.parse({ ...byHand, name }));
    const home = await mkdtemp(join(tmpdir(), 'casement-real-run-'));
    await writeFile(join(home, 'plan.yaml'), stringify(plan));
    return new RealRun(plan, home);
  }

  /** No robot types: the build VM stays as it is. */
  nobodyAtTheScreen(): void {
    this.#robot = Promise.resolve();
  }

  /** Starts or continues the build in a new process and sends it a signal at the first line `killAt` likes. */
  async go(
    killAt: (line: JournalLine) => boolean = () => false,
    signalToSend: 'SIGKILL' | 'SIGINT' = 'SIGKILL',
    flags: readonly string[] = [],
  ): Promise<Outcome> {
    const words = this.id === '' ? ['run', join(this.home, 'plan.yaml')] : ['resume', this.id];
    const child = spawn(process.execPath, [CLI, ...words, ...flags, '--json'], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const lines: JournalLine[] = [];
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as JournalLine;
      lines.push(line);
      if (line.run) this.id = line.run;
      if (line.message === 'The build VM is running.') this.#playAdmin(line);
      if (killAt(line)) child.kill(signalToSend);
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { code, signal, lines };
  }

  /** Another command beside the build. */
  async casement(...words: string[]): Promise<{ code: number | null; stdout: string }> {
    const child = spawn(process.execPath, [CLI, ...words], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: Buffer.concat(chunks).toString('latin1') };
  }

  /** The run as the command line lists it. */
  view(): RunView {
    const printed = execFileSync(process.execPath, [CLI, 'runs', '--json'], {
      env: this.#env,
      encoding: 'utf8',
    });
    const found = (JSON.parse(printed) as RunView[]).find(({ id }) => id === this.id);
    if (!found) throw new Error(`run ${this.id} is not listed`);
    return found;
  }

  journal(): Promise<JournalLine[]> {
    return readJournal(join(this.home, 'runs', this.id, 'journal.jsonl'));
  }

  /** The work folder of the build. */
  async dir(): Promise<string> {
    const facts = Object.assign({}, ...(await this.journal()).map((line) => line.facts ?? {}));
    return String(facts.dir);
  }

  /** SHA-512 of the image file, taken here and not by the product. */
  async diskHash(): Promise<string> {
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(join(await this.dir(), 'image.qcow2')))
      hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  cloud(): Promise<Cloud> {
    if (!this.plan.cloud) throw new Error('the plan names no cloud');
    const ask = { ask: async () => null };
    return openCloud(this.plan.cloud, { secrets: createSecrets({ openExternal: async () => {} }, ask) });
  }

  /** Ends what is left and removes everything the build made. */
  async clean(): Promise<void> {
    this.#robotStop.abort();
    await this.#robot?.catch(() => {});
    if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
    if (this.id !== '') {
      execFileSync(process.execPath, [CLI, 'cancel', this.id, '--remove'], {
        env: this.#env,
        stdio: 'ignore',
      });
      const cloud = await this.cloud();
      const tag = `casement:${this.id}`;
      for (const server of await cloud.servers(tag)) await cloud.deleteServer(server.id);
      for (let image = await cloud.imageByTag(tag); image; image = await cloud.imageByTag(tag))
        await cloud.deleteImage(image.id);
      await cloud.close();
    }
    await rm(this.home, { recursive: true, force: true });
  }

  // The robot outlives the processes that are killed, as the admin would.
  #playAdmin(line: JournalLine): void {
    if (line.stage === null || this.#robot) return;
    const begin = async (): Promise<void> => {
      const dir = await this.dir();
      await playAdmin({
        plan: this.plan,
        serial: join(dir, 'serial.log'),
        type: (text) => buildMachine(localHost(), dir, 'install').type(text, 'us'),
        signal: this.#robotStop.signal,
      });
    };
    this.#robot = begin();
    this.#robot.catch((thrown: unknown) => {
      console.error(thrown);
      this.#child?.kill('SIGKILL');
    });
  }
}

function labDir(): string {
  return join(process.env.CASEMENT_HOME ?? join(process.env.HOME ?? '/root', '.casement'), 'lab');
}
