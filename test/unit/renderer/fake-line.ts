// The other end of a transport, held by the test: what was sent, and a way to answer.
import type { Transport } from '../../../renderer/transport.ts';
import type { ServerMessage } from '../../../shared/wire.ts';

export interface FakeLine {
  readonly transport: Transport;
  readonly sent: (string | Uint8Array)[];
  /** The JSON messages sent so far. */
  texts(): Record<string, unknown>[];
  open(isOpen: boolean): void;
  answer(message: ServerMessage): void;
  bytes(chunk: Uint8Array): void;
}

export function fakeLine(): FakeLine {
  let message: (data: string | Uint8Array) => void = () => undefined;
  let state: (open: boolean) => void = () => undefined;
  const sent: (string | Uint8Array)[] = [];
  return {
    sent,
    transport: {
      send: (data) => sent.push(data),
      start(onMessage, onState) {
        message = onMessage;
        state = onState;
      },
    },
    texts: () => sent.filter((item) => typeof item === 'string').map((item) => JSON.parse(item)),
    open: (isOpen) => state(isOpen),
    answer: (data) => message(JSON.stringify(data)),
    bytes: (chunk) => message(chunk),
  };
}
