// One front's conversation with the backend, over any duplex message transport (WebSocket or IPC).
// It speaks shared/wire.ts and keeps every byte stream within its credits, so that a slow window
// pauses the source instead of growing memory. May touch: the backend's interface and shared.
import type { Duplex } from 'node:stream';
import type { CallName, StreamName } from '../shared/contract.ts';
import { calls, streams } from '../shared/contract.ts';
import { CasementError, toErrorData } from '../shared/errors.ts';
import {
  type ClientMessage,
  clientMessage,
  packChunk,
  type ServerMessage,
  STREAM_WINDOW,
  unpackChunk,
} from '../shared/wire.ts';
import type { Backend } from './backend.ts';

/** What a front gives: a way to send text and bytes. It calls `receive` and `end` of the session. */
export interface Transport {
  send(message: string | Uint8Array): void;
}

/** The backend's side of one front's conversation. */
export interface Session {
  receive(message: string | Uint8Array): void;
  /** The front is gone: its streams are closed, calls already begun run to their end. */
  end(): void;
}

/** Most streams one front may hold open; two windows on a few screens need far fewer. */
const MAX_STREAMS = 32;

/** Starts a session; messages that are not of the protocol end in an error sent back, never in a crash. */
export function startSession(backend: Backend, transport: Transport): Session {
  const channels = new Map<number, Channel>();
  let ended = false;

  const send = (message: ServerMessage): void => {
    if (!ended) transport.send(JSON.stringify(message));
  };
  const stopListening = backend.on((name, payload) => send({ t: 'event', name, payload }));

  const call = async (id: number, name: string, args: unknown): Promise<void> => {
    try {
      if (!Object.hasOwn(calls, name)) throw unknownName('call', name);
      send({ t: 'result', id, value: (await backend.call(name as CallName, args)) ?? null });
    } catch (thrown) {
      send({ t: 'error', id, error: toErrorData(thrown) });
    }
  };

  const open = async (number: number, name: string, args: unknown): Promise<void> => {
    if (channels.has(number) || channels.size >= MAX_STREAMS) {
      send({ t: 'closed', channel: number, error: toErrorData(unknownName('free channel', String(number))) });
      return;
    }
    const channel = new Channel(number, transport, send, () => channels.delete(number));
    channels.set(number, channel);
    try {
      if (!Object.hasOwn(streams, name)) throw unknownName('stream', name);
      channel.attach(await backend.openStream(name as StreamName, args));
    } catch (thrown) {
      channel.fail(thrown);
    }
  };

  const handle = (message: ClientMessage): void => {
    if (message.t === 'call') void call(message.id, message.name, message.args);
    else if (message.t === 'open') void open(message.channel, message.name, message.args);
    else if (message.t === 'credit') channels.get(message.channel)?.credit(message.bytes);
    else channels.get(message.channel)?.close();
  };

  return {
    receive(message) {
      if (typeof message === 'string') {
        const parsed = clientMessage.safeParse(parseJson(message));
        if (parsed.success) handle(parsed.data);
        return;
      }
      const chunk = unpackChunk(message);
      if (chunk) channels.get(chunk.channel)?.write(chunk.bytes);
    },
    end() {
      ended = true;
      stopListening();
      for (const channel of channels.values()) channel.close();
    },
  };
}

/** One open byte stream: the source is paused when its credits are used up and resumed when the front acknowledges. */
class Channel {
  #duplex: Duplex | undefined;
  #credits = STREAM_WINDOW;
  #closed = false;
  readonly #number: number;
  readonly #transport: Transport;
  readonly #send: (message: ServerMessage) => void;
  readonly #gone: () => void;

  constructor(
    number: number,
    transport: Transport,
    send: (message: ServerMessage) => void,
    gone: () => void,
  ) {
    this.#number = number;
    this.#transport = transport;
    this.#send = send;
    this.#gone = gone;
  }

  attach(duplex: Duplex): void {
    if (this.#closed) {
      duplex.destroy();
      return;
    }
    this.#duplex = duplex;
    this.#send({ t: 'opened', channel: this.#number });
    duplex.on('data', (bytes: Buffer) => {
      if (this.#closed) return;
      this.#credits -= bytes.length;
      this.#transport.send(packChunk(this.#number, bytes));
      if (this.#credits <= 0) duplex.pause();
    });
    duplex.on('error', (error) => this.fail(error));
    duplex.on('close', () => this.fail(null));
    duplex.on('end', () => this.fail(null));
  }

  credit(bytes: number): void {
    // A front can hand back no more than it was given: a lying one must not make the window larger.
    this.#credits = Math.min(STREAM_WINDOW, this.#credits + bytes);
    if (this.#credits > 0) this.#duplex?.resume();
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || !this.#duplex) return;
    // The message's buffer may be reused by the transport: keep a copy until the duplex has taken it.
    const copy = Buffer.from(bytes);
    this.#duplex.write(copy, () => {
      if (!this.#closed) this.#send({ t: 'credit', channel: this.#number, bytes: copy.length });
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gone();
    this.#duplex?.destroy();
  }

  fail(thrown: unknown): void {
    if (this.#closed) return;
    this.#send({ t: 'closed', channel: this.#number, error: thrown === null ? null : toErrorData(thrown) });
    this.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknownName(what: string, name: string): CasementError {
  return new CasementError({
    code: 'unknown-name',
    title: 'The window and the program behind it do not fit together',
    whatHappened: `There is no ${what} named ${JSON.stringify(name.slice(0, 80))}.`,
    whatToDo: 'Close Casement and start it again.',
  });
}
