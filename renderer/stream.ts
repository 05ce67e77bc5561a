// One byte channel with credits: never more than STREAM_WINDOW bytes under way in either direction, so that a
// slow reader slows the writer down instead of filling memory.
import type { ErrorData } from '../shared/errors.ts';
import { STREAM_WINDOW } from '../shared/wire.ts';

/** What the owner of a stream hears. */
export interface StreamEvents {
  open(): void;
  data(bytes: Uint8Array): void;
  /** The end, with the reason when it was not wished for. */
  close(error: ErrorData | null): void;
}

/** How a stream puts messages on the wire. */
export interface StreamWire {
  data(bytes: Uint8Array): void;
  credit(bytes: number): void;
  close(): void;
}

/** Consumed bytes are acknowledged in lots of this size: far below the window, and few messages. */
const CREDIT_LOT = STREAM_WINDOW / 16;

export class ByteStream {
  readonly #events: StreamEvents;
  readonly #wire: StreamWire;
  #maySend = STREAM_WINDOW;
  #queue: Uint8Array[] = [];
  #consumed = 0;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';

  constructor(events: StreamEvents, wire: StreamWire) {
    this.#events = events;
    this.#wire = wire;
  }

  get state(): 'connecting' | 'open' | 'closed' {
    return this.#state;
  }

  /** Bytes handed to `send` that wait for credit. */
  get queued(): number {
    return this.#queue.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** Sends bytes as far as the credit reaches and keeps the rest in order. The bytes must not change afterwards. */
  send(bytes: Uint8Array): void {
    if (this.#state === 'closed' || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#flush();
  }

  /** Tells that received bytes were worked off and need no memory any more. */
  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#state === 'closed' || this.#consumed < CREDIT_LOT) return;
    this.#wire.credit(this.#consumed);
    this.#consumed = 0;
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#queue = [];
    this.#wire.close();
  }

  opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#flush();
    this.#events.open();
  }

  received(bytes: Uint8Array): void {
    if (this.#state === 'open') this.#events.data(bytes);
  }

  credited(bytes: number): void {
    this.#maySend += bytes;
    this.#flush();
  }

  ended(error: ErrorData | null): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#queue = [];
    this.#events.close(error);
  }

  #flush(): void {
    if (this.#state !== 'open') return;
    for (let head = this.#queue[0]; head && this.#maySend > 0; head = this.#queue[0]) {
      const now = head.subarray(0, this.#maySend);
      this.#maySend -= now.length;
      if (now.length === head.length) this.#queue.shift();
      else this.#queue[0] = head.subarray(now.length);
      this.#wire.data(now);
    }
  }
}
