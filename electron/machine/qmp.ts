// A client of QEMU's machine protocol (QMP) over any byte stream: greeting, ids, events, errors. Knows nothing of hosts.
import type { Duplex } from 'node:stream';
import { qmpBroken, qmpRefused } from './faults.ts';

export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** ISO time by the host's clock. */
  readonly at: string;
}

export interface QmpOptions {
  readonly onEvent?: (event: QmpEvent) => void;
  /** For the greeting, which comes late while another client is being served. Milliseconds. */
  readonly greetingMs?: number;
  /** For each answer. Milliseconds. */
  readonly answerMs?: number;
}

/** query-qmp-schema, the longest answer there is, has 200 kB; what is longer is no QMP. */
const LONGEST_LINE = 4 * 2 ** 20;

interface Waiting {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One session with a monitor. Every method throws `machine.monitor-lost` once the line broke. */
export class Qmp {
  /** QEMU's version as [major, minor]. */
  version: readonly [number, number] = [0, 0];
  /** Settles when the session has ended, whatever the reason. */
  readonly closed: Promise<void>;
  readonly #stream: Duplex;
  readonly #options: QmpOptions;
  readonly #waiting = new Map<number, Waiting>();
  #chunks: Buffer[] = [];
  #length = 0;
  #nextId = 1;
  #broken: Error | null = null;
  #greeted: ((error: Error | null) => void) | null = null;
  #markClosed: () => void = () => {};

  /** Speaks QMP over `stream`, which it owns from now on: greeting, then capabilities. */
  static async connect(stream: Duplex, options: QmpOptions = {}): Promise<Qmp> {
    const qmp = new Qmp(stream, options);
    try {
      await qmp.#greeting(options.greetingMs ?? 15_000);
      await qmp.execute('qmp_capabilities');
      return qmp;
    } catch (error) {
      qmp.close();
      throw error;
    }
  }

  private constructor(stream: Duplex, options: QmpOptions) {
    this.#stream = stream;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#markClosed = resolve;
    });
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error: Error) => this.#fail(qmpBroken('failed', error.message)));
    stream.on('end', () => this.#fail(qmpBroken('closed the connection')));
    stream.on('close', () => this.#fail(qmpBroken('closed the connection')));
  }

  /** Runs a command and gives what it returns. Throws `machine.command-refused` with QEMU's words. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const limit = this.#options.answerMs ?? 30_000;
      const timer = setTimeout(
        () => this.#fail(qmpBroken(`did not answer "${command}" within ${limit / 1000} seconds`)),
        limit,
      );
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          this.#waiting.delete(id);
          then(value);
        };
      this.#waiting.set(id, { command, resolve: settle(resolve), reject: settle(reject) });
      this.#stream.write(
        `${JSON.stringify({ execute: command, ...(args ? { arguments: args } : {}), id })}\n`,
      );
    });
  }

  close(): void {
    this.#fail(qmpBroken('connection was closed'));
  }

  #greeting(limit: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(qmpBroken('did not greet')), limit);
      this.#greeted = (error) => {
        clearTimeout(timer);
        this.#greeted = null;
        if (error) reject(error);
        else resolve();
      };
      if (this.#broken) this.#greeted(this.#broken);
    });
  }

  #receive(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0 && !this.#broken; end = rest.indexOf(10)) {
      const line = Buffer.concat([...this.#chunks, rest.subarray(0, end)]).toString('utf8');
      this.#chunks = [];
      this.#length = 0;
      rest = rest.subarray(end + 1);
      if (line.trim() !== '') this.#line(line);
    }
    if (rest.length === 0 || this.#broken) return;
    this.#length += rest.length;
    if (this.#length > LONGEST_LINE) this.#fail(qmpBroken('sent a message without an end'));
    else this.#chunks.push(rest);
  }

  #line(line: string): void {
    const message = parse(line);
    if (!message) {
      this.#fail(qmpBroken('sent something that is not QMP', line.slice(0, 500)));
      return;
    }
    if (isRecord(message.QMP)) {
      this.#greet(message.QMP);
      return;
    }
    if (typeof message.event === 'string') {
      this.#options.onEvent?.({
        event: message.event,
        data: isRecord(message.data) ? message.data : {},
        at: timestamp(message.timestamp),
      });
      return;
    }
    const waiting = this.#waiting.get(Number(message.id));
    if (!waiting) return;
    if (isRecord(message.error)) waiting.reject(qmpRefused(waiting.command, String(message.error.desc)));
    else waiting.resolve(message.return);
  }

  #greet(greeting: Readonly<Record<string, unknown>>): void {
    const version = isRecord(greeting.version) ? greeting.version.qemu : undefined;
    if (isRecord(version)) this.version = [Number(version.major), Number(version.minor)];
    this.#greeted?.(null);
  }

  #fail(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    this.#chunks = [];
    this.#greeted?.(error);
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
    this.#stream.destroy();
    this.#markClosed();
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const message: unknown = JSON.parse(line);
    return isRecord(message) ? message : null;
  } catch {
    return null;
  }
}

function timestamp(value: unknown): string {
  const seconds = isRecord(value) ? Number(value.seconds) + Number(value.microseconds) / 1e6 : Number.NaN;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? new Date().toISOString() : date.toISOString();
}
