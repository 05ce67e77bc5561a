// The wizard's end of the contract: typed calls, events and byte streams over one transport. It knows the wire
// protocol of shared/wire.ts and nothing of React or of what the calls mean.
import type {
  CallArgs,
  CallName,
  CallResult,
  EventName,
  Events,
  StreamArgs,
  StreamName,
} from '../shared/contract.ts';
import { CasementError, type ErrorData, fromErrorData } from '../shared/errors.ts';
import { type ClientMessage, packChunk, type ServerMessage, unpackChunk } from '../shared/wire.ts';
import { ByteStream, type StreamEvents } from './stream.ts';
import type { Transport } from './transport.ts';

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Client {
  readonly #transport: Transport;
  readonly #calls = new Map<number, PendingCall>();
  readonly #streams = new Map<number, ByteStream>();
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  readonly #stateListeners = new Set<(online: boolean) => void>();
  /** Calls made while the line is down; they go out when it is back. */
  #held: string[] = [];
  #next = 1;
  /** null until the line was open or failed for the first time. */
  #online: boolean | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Begins to talk; register state listeners before. */
  start(): void {
    this.#transport.start(
      (message) => this.#receive(message),
      (open) => this.#setOnline(open),
    );
  }

  get online(): boolean {
    return this.#online === true;
  }

  /** Asks the backend. Rejects with the backend's CasementError, or `front.disconnected` when the line drops meanwhile. */
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#post({ t: 'call', id, name, args });
    });
  }

  /** Listens to an event; the returned function ends that. */
  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Tells whether the backend answers, now and at every change. */
  onState(listener: (online: boolean) => void): () => void {
    this.#stateListeners.add(listener);
    if (this.#online !== null) listener(this.#online);
    return () => this.#stateListeners.delete(listener);
  }

  /** Opens a byte channel; every chunk delivered must be given back with `consumed` or the backend pauses. */
  openStream<N extends StreamName>(name: N, args: StreamArgs<N>, events: StreamEvents): ByteStream {
    const channel = this.#next++;
    const stream = new ByteStream(events, {
      data: (bytes) => this.#transport.send(packChunk(channel, bytes)),
      credit: (bytes) => this.#post({ t: 'credit', channel, bytes }),
      close: () => {
        this.#streams.delete(channel);
        this.#post({ t: 'close', channel });
      },
    });
    this.#streams.set(channel, stream);
    this.#post({ t: 'open', channel, name, args });
    return stream;
  }

  #post(message: ClientMessage): void {
    const text = JSON.stringify(message);
    if (this.#online) this.#transport.send(text);
    else if (message.t === 'call' || message.t === 'open') this.#held.push(text);
  }

  #setOnline(online: boolean): void {
    if (online === this.#online) return;
    this.#online = online;
    if (online) {
      const held = this.#held;
      this.#held = [];
      for (const text of held) this.#transport.send(text);
    } else this.#dropAll();
    for (const listener of this.#stateListeners) listener(online);
  }

  #dropAll(): void {
    const error = disconnected();
    const calls = [...this.#calls.values()];
    const streams = [...this.#streams.values()];
    this.#calls.clear();
    this.#streams.clear();
    this.#held = [];
    for (const call of calls) call.reject(fromErrorData(error));
    for (const stream of streams) stream.ended(error);
  }

  #receive(message: string | Uint8Array): void {
    if (typeof message === 'string') this.#receiveText(JSON.parse(message) as ServerMessage);
    else {
      const chunk = unpackChunk(message);
      if (chunk) this.#streams.get(chunk.channel)?.received(chunk.bytes);
    }
  }

  #receiveText(message: ServerMessage): void {
    switch (message.t) {
      case 'result':
      case 'error': {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        if (message.t === 'result') call?.resolve(message.value);
        else call?.reject(fromErrorData(message.error));
        return;
      }
      case 'event':
        for (const listener of this.#listeners.get(message.name) ?? []) listener(message.payload as never);
        return;
      case 'opened':
        this.#streams.get(message.channel)?.opened();
        return;
      case 'credit':
        this.#streams.get(message.channel)?.credited(message.bytes);
        return;
      case 'closed': {
        const stream = this.#streams.get(message.channel);
        this.#streams.delete(message.channel);
        stream?.ended(message.error);
        return;
      }
    }
  }
}

function disconnected(): ErrorData {
  return new CasementError({
    code: 'front.disconnected',
    title: 'Casement’s backend does not answer',
    whatHappened: 'The connection between this window and Casement’s backend was lost while it was working.',
    whatToDo: 'Wait for the connection to come back, then try again. A running build goes on by itself.',
  });
}
