// One booted server: a network namespace on the practice network with an X display and an RDP server behind NLA.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import { attempt } from '../system/command.ts';
import { writeWhole } from '../system/files.ts';
import { netName, plugIntoPractice, unplugFromPractice } from '../system/network.ts';
import { listensOn, remember, start, stop } from '../system/processes.ts';
import { setUserPassword } from './cloudbase.ts';
import type { MetadataSource } from './metadata.ts';
import { drawDesktop } from './picture.ts';
import { samLine } from './windows.ts';

/** Milliseconds between power on and Cloudbase-Init, and between its end and the first RDP connection. */
const BOOT_MS = 800;
const DESKTOP_MS = 1200;

/** A server as Nova describes it. */
export interface Server {
  id: string;
  name: string;
  projectId: string;
  /** Its fixed address on the practice network. */
  address: string;
}

export type GuestState = 'starting' | 'ready' | 'failed';

/** Plays the Windows inside one server, from power on to power off. */
export class Guest {
  readonly server: Server;
  readonly #settings: Settings;
  readonly #metadata: MetadataSource;
  readonly #dir: string;
  readonly #runDir: string;
  readonly #short: string;
  #off = false;
  /** Whether security groups let RDP in; undefined until the network cable is in. */
  #reachable: boolean | undefined;
  #booting: Promise<void> = Promise.resolve();

  constructor(settings: Settings, metadata: MetadataSource, server: Server) {
    const paths = pathsIn(settings.dir);
    this.server = server;
    this.#settings = settings;
    this.#metadata = metadata;
    this.#dir = join(paths.servers, server.id);
    this.#runDir = paths.run;
    this.#short = server.id.slice(0, 8);
  }

  #log = (line: string): void => {
    const time = new Date().toISOString().replace('T', ' ').slice(0, 23);
    appendFileSync(`${this.#dir}.log`, `${time} ${line}\n`);
  };

  #say(state: GuestState): void {
    writeWhole(join(this.#dir, 'state.json'), `${JSON.stringify({ ...this.server, state })}\n`);
  }

  #name = (part: string): string => `guest-${this.#short}-${part}`;

  /** Powers on; resolves when RDP answers, or when it never will. */
  powerOn(): Promise<void> {
    this.#booting = this.#boot().catch((error: unknown) => {
      if (this.#off) return;
      this.#log(`ERROR stand-in: ${error instanceof Error ? error.message : String(error)}`);
      this.#say('failed');
    });
    return this.#booting;
  }

  async #boot(): Promise<void> {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    this.#say('starting');
    this.#log(`INFO stand-in: "${this.server.name}" starts at ${this.server.address}`);
    const namespace = await plugIntoPractice(this.#settings, this.#short, this.server.address);
    this.#reachable = true;
    const picture = join(this.#dir, 'desktop.png');
    const ready = Promise.all([
      this.#startDisplay(namespace),
      drawDesktop(this.server.name, this.server.address, picture),
    ]);
    await Promise.all([ready, pause(BOOT_MS).then(() => this.#runCloudbaseInit())]);
    const [display] = await ready;
    await pause(DESKTOP_MS);
    if (this.#off) return;
    await this.#showDesktop(namespace, display, picture);
    await this.#startRdp(namespace, display);
    this.#log('INFO stand-in: RDP answers on port 3389');
    this.#say('ready');
  }

  /** Sets the password unless a former boot did; only its NT hash is kept. */
  async #runCloudbaseInit(): Promise<void> {
    const done = join(this.#dir, 'password-set');
    if (existsSync(done)) {
      this.#log(
        "DEBUG cloudbaseinit.init [-] Plugin 'SetUserPasswordPlugin' execution already done, skipping",
      );
      return;
    }
    const outcome = await setUserPassword(this.#metadata, this.server, this.#log);
    writeWhole(join(this.#dir, 'sam'), samLine(outcome.password), 0o600);
    if (outcome.done) writeFileSync(done, '');
  }

  /** Starts an X server that picks its own display number. */
  async #startDisplay(namespace: string): Promise<string> {
    const log = openSync(join(this.#dir, 'display.log'), 'a');
    const child = spawn(
      'nsenter',
      [
        `--net=/run/netns/${namespace}`,
        'Xvfb',
        '-displayfd',
        '3',
        '-screen',
        '0',
        '1280x800x24',
        '-nolisten',
        'tcp',
        '-noreset',
      ],
      { detached: true, stdio: ['ignore', log, log, 'pipe'] },
    );
    closeSync(log);
    if (child.pid === undefined) throw new Error('cannot start Xvfb');
    remember(this.#runDir, this.#name('display'), child.pid);
    const number = await new Promise<string>((resolve, reject) => {
      child.stdio[3]?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once('exit', () => reject(new Error('Xvfb ended at once')));
      child.once('error', reject);
    });
    return `:${number}`;
  }

  #environment(display: string): NodeJS.ProcessEnv {
    // A home of its own, so that each server shows a certificate of its own.
    return { PATH: process.env.PATH, LANG: 'C.UTF-8', DISPLAY: display, HOME: this.#dir };
  }

  async #showDesktop(namespace: string, display: string, picture: string): Promise<void> {
    const env = this.#environment(display);
    await attempt('nsenter', [`--net=/run/netns/${namespace}`, 'display', '-window', 'root', picture], {
      env,
    });
    await start(this.#runDir, {
      name: this.#name('clock'),
      command: 'xclock',
      args: [
        '-digital',
        '-strftime',
        '%H:%M:%S',
        '-update',
        '1',
        '-geometry',
        '96x32+1176+764',
        '-bg',
        '#0b1a2e',
        '-fg',
        'white',
        '-bw',
        '0',
      ],
      env,
      netns: namespace,
      log: join(this.#dir, 'display.log'),
      ready: async () => true,
    });
  }

  async #startRdp(namespace: string, display: string): Promise<void> {
    await start(this.#runDir, {
      name: this.#name('rdp'),
      command: 'freerdp-shadow-cli',
      args: ['/port:3389', '/bind-address:0.0.0.0', '/sec:nla', `/sam-file:${join(this.#dir, 'sam')}`],
      env: this.#environment(display),
      netns: namespace,
      log: join(this.#dir, 'rdp.log'),
      ready: async (pid) => listensOn(pid, 3389),
      timeoutMs: 30_000,
    });
  }

  /** Opens or closes the way in, as the security groups say: a closed server drops its answers, so clients see a timeout. */
  async setReachable(reachable: boolean): Promise<void> {
    if (this.#off || this.#reachable === undefined || this.#reachable === reachable) return;
    this.#reachable = reachable;
    const { gateway } = this.#settings.practice;
    await attempt('ip', [
      '-n',
      netName(this.#settings, this.#short),
      'route',
      reachable ? 'del' : 'add',
      'blackhole',
      `${gateway}/32`,
    ]);
    this.#log(`INFO stand-in: security groups ${reachable ? 'let RDP in' : 'keep RDP out'}`);
  }

  /** Powers off; what Cloudbase-Init did stays for the next boot. */
  async powerOff(): Promise<void> {
    this.#off = true;
    await this.#booting;
    await Promise.all(['rdp', 'clock', 'display'].map((part) => stop(this.#runDir, this.#name(part), 3000)));
    await unplugFromPractice(this.#settings, this.#short);
    if (existsSync(this.#dir)) this.#log('INFO stand-in: powered off');
    rmSync(join(this.#dir, 'state.json'), { force: true });
  }

  /** Forgets the disk: everything but the log goes. */
  forget(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
