// The KVM host as every higher layer sees it: one interface, whether behind SSH or this computer. Types only.
// May touch: shared and the desktop port.
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Progress } from '../../shared/stages.ts';
import type { DirEntry, HostState } from '../../shared/views.ts';

export interface RunOptions {
  /** Bytes for standard input (a script, a secret). Never logged. */
  readonly stdin?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly onStdout?: (chunk: Buffer) => void;
  readonly onStderr?: (chunk: Buffer) => void;
  /** Return a non-zero exit instead of throwing `host.command-failed`. */
  readonly allowFailure?: boolean;
}

export interface RunResult {
  /** Exit status; 128 + n when ended by signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A long-running program on the host, in a session of its own, that outlives the connection. */
export interface JobSpec {
  /** Work folder of the build (absolute); the job keeps its files in `<dir>/jobs/<name>/`. */
  readonly dir: string;
  readonly name: string;
  readonly words: readonly string[];
  /** Standard input of the job: travels over the connection, is never written to a file or an argument list. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface JobStatus {
  readonly state: 'absent' | 'running' | 'ended';
  readonly pid: number | null;
  /** Exit status when ended, null when it vanished without leaving one (killed, reboot). */
  readonly code: number | null;
  /** Last part of stdout+stderr, at most 64 KiB. */
  readonly log: string;
  /** Position of the job in the files it has open for reading, by path (Linux fdinfo): exact progress of a reader. */
  readonly positions: Readonly<Record<string, number>>;
}

export interface Jobs {
  /** Starts the job; one already running under this name is left alone and reported. */
  start(spec: JobSpec): Promise<JobStatus>;
  status(dir: string, name: string): Promise<JobStatus>;
  /** Ends it by pid and start time: TERM, then KILL after 5 s. No error when it is gone. */
  stop(dir: string, name: string): Promise<void>;
  /** Waits until it has ended, calling back about once a second; survives a dropped connection. */
  wait(
    dir: string,
    name: string,
    onStatus: (status: JobStatus) => void,
    signal: AbortSignal,
  ): Promise<JobStatus>;
}

export interface FileStat {
  readonly kind: DirEntry['kind'];
  readonly bytes: number;
  readonly mode: number;
  readonly modified: string;
}

/** Files of the host. Paths are absolute and may hold any character but NUL. */
export interface HostFiles {
  /** null when there is nothing. Throws `host.no-permission` when it may not be asked. */
  stat(path: string): Promise<FileStat | null>;
  list(path: string): Promise<DirEntry[]>;
  realpath(path: string): Promise<string>;
  read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Buffer>;
  /** Writes atomically (temporary file, rename). */
  write(path: string, data: string | Uint8Array, mode?: number): Promise<void>;
  append(path: string, data: string | Uint8Array): Promise<void>;
  mkdir(path: string, mode?: number): Promise<void>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  readStream(path: string): Promise<Readable>;
  writeStream(path: string, offset?: number): Promise<Writable>;
}

export interface Host {
  /** Stable key: `local` or `user@host:port`. */
  readonly key: string;
  readonly label: string;
  readonly local: boolean;
  readonly state: HostState;
  /** Runs one command given as words; words are quoted in one place, never joined by a caller. No PTY. */
  run(words: readonly string[], options?: RunOptions): Promise<RunResult>;
  readonly files: HostFiles;
  readonly jobs: Jobs;
  /** Connects to a unix socket on the host. */
  socket(path: string): Promise<Duplex>;
  /** Connects to a TCP address as seen from the host. */
  tcp(address: string, port: number): Promise<Duplex>;
  /** Absolute home folder. */
  home(): Promise<string>;
  onState(listener: (state: HostState) => void): () => void;
  close(): Promise<void>;
}

/** Reports how far a long work is; called a few times a second at most. */
export type OnProgress = (progress: Progress) => void;
