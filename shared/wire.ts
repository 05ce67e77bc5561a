// The messages that carry the contract over any duplex message transport: an IPC channel or a WebSocket.
// Text messages are JSON objects; binary messages are stream data. Pure.
import { z } from 'zod';
import type { ErrorData } from './errors.ts';

/** Front → backend, as JSON text. */
export const clientMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id: z.number().int(), name: z.string(), args: z.unknown() }),
  z.strictObject({
    t: z.literal('open'),
    channel: z.number().int().positive(),
    name: z.string(),
    args: z.unknown(),
  }),
  z.strictObject({ t: z.literal('credit'), channel: z.number().int(), bytes: z.number().int().positive() }),
  z.strictObject({ t: z.literal('close'), channel: z.number().int() }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

/** Backend → front, as JSON text. */
export type ServerMessage =
  | { readonly t: 'result'; readonly id: number; readonly value: unknown }
  | { readonly t: 'error'; readonly id: number; readonly error: ErrorData }
  | { readonly t: 'event'; readonly name: string; readonly payload: unknown }
  | { readonly t: 'opened'; readonly channel: number }
  | { readonly t: 'credit'; readonly channel: number; readonly bytes: number }
  | { readonly t: 'closed'; readonly channel: number; readonly error: ErrorData | null };

/** Bytes the sender may have unacknowledged on one channel; 1 MiB keeps a 4K screen smooth and memory flat. */
export const STREAM_WINDOW = 1024 * 1024;
/** Length of the header of a binary message: the channel as a big-endian u32. */
const HEADER = 4;

/** A binary message: channel number, then the bytes. */
export function packChunk(channel: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEADER + bytes.length);
  new DataView(message.buffer).setUint32(0, channel);
  message.set(bytes, HEADER);
  return message;
}

/** Channel and bytes of a binary message; null when it is too short to be one. */
export function unpackChunk(message: Uint8Array): { channel: number; bytes: Uint8Array } | null {
  if (message.length < HEADER) return null;
  const channel = new DataView(message.buffer, message.byteOffset).getUint32(0);
  return { channel, bytes: message.subarray(HEADER) };
}
