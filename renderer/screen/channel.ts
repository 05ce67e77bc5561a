// A byte stream in the shape that noVNC expects of a WebSocket.
import type { StreamArgs } from '../../shared/contract.ts';
import type { ErrorData } from '../../shared/errors.ts';
import type { Client } from '../client.ts';
import type { ByteStream, StreamEvents } from '../stream.ts';

/** noVNC looks for these as own properties or on the direct prototype; this object owns all of them. */
export interface ScreenChannel {
  binaryType: string;
  protocol: string;
  readyState: 'connecting' | 'open' | 'closed';
  onopen: () => void;
  onmessage: (event: { data: Uint8Array }) => void;
  onclose: (event: { code: number; reason: string; wasClean: boolean }) => void;
  onerror: (event: unknown) => void;
  send(data: Uint8Array | ArrayBuffer): void;
  close(): void;
}

/** Opens the screen of a run, or of a server. `onEnd` hears why the line ended, null when there is no reason given. */
export function openScreen(
  client: Pick<Client, 'openStream'>,
  args: StreamArgs<'screen'> | StreamArgs<'console'>,
  onEnd: (error: ErrorData | null) => void,
): ScreenChannel {
  const nothing = () => undefined;
  const channel: ScreenChannel = {
    binaryType: 'arraybuffer',
    protocol: '',
    readyState: 'connecting',
    onopen: nothing,
    onmessage: nothing,
    onclose: nothing,
    onerror: nothing,
    // noVNC sends views of one buffer that it fills again at once.
    send: (data) => stream.send(data instanceof Uint8Array ? data.slice() : new Uint8Array(data.slice(0))),
    close() {
      if (channel.readyState === 'closed') return;
      channel.readyState = 'closed';
      stream.close();
      queueMicrotask(() => channel.onclose({ code: 1000, reason: '', wasClean: true }));
    },
  };
  const open = (events: StreamEvents): ByteStream =>
    'run' in args ? client.openStream('screen', args, events) : client.openStream('console', args, events);
  const stream: ByteStream = open({
    open() {
      channel.readyState = 'open';
      channel.onopen();
    },
    data(bytes) {
      channel.onmessage({ data: bytes });
      // noVNC has taken the bytes over and asks for the next picture only after drawing this one, so its queue stays small.
      stream.consumed(bytes.length);
    },
    close(error) {
      channel.readyState = 'closed';
      onEnd(error);
      channel.onclose({ code: error ? 1011 : 1000, reason: error?.title ?? '', wasClean: error === null });
    },
  });
  return channel;
}
