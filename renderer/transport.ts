// The two ways a message travels between the wizard and its backend: Electron's bridge or a WebSocket of the
// same origin. Neither knows what the messages say; client.ts does.

/** A duplex message line that may come and go. */
export interface Transport {
  send(message: string | Uint8Array<ArrayBuffer>): void;
  /** Called once, before anything is sent. `onState` tells whether messages can pass at this moment. */
  start(onMessage: (message: string | Uint8Array) => void, onState: (open: boolean) => void): void;
}

/** The line to the backend in whichever front this page runs. */
export function frontTransport(): Transport {
  const bridge = window.casementBridge;
  if (bridge) return bridgeTransport(bridge);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return webSocketTransport(`${scheme}://${location.host}/casement`);
}

/** Electron's bridge: always open, since backend and window live and die together. */
function bridgeTransport(bridge: CasementBridge): Transport {
  return {
    send: (message) => bridge.post(message),
    start(onMessage, onState) {
      bridge.onMessage((data) => onMessage(typeof data === 'string' ? data : new Uint8Array(data)));
      onState(true);
    },
  };
}

/** First and longest pause before a new attempt, in milliseconds: quick after a restart, gentle over a lunch break. */
const RETRY_FIRST = 300;
const RETRY_LAST = 5000;

/** A WebSocket that opens itself again whenever it drops. */
function webSocketTransport(url: string): Transport {
  let socket: WebSocket | null = null;
  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(message);
    },
    start(onMessage, onState) {
      let pause = RETRY_FIRST;
      const connect = () => {
        const attempt = new WebSocket(url);
        attempt.binaryType = 'arraybuffer';
        attempt.onopen = () => {
          socket = attempt;
          pause = RETRY_FIRST;
          onState(true);
        };
        attempt.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
          onMessage(typeof data === 'string' ? data : new Uint8Array(data));
        attempt.onclose = () => {
          socket = null;
          onState(false);
          setTimeout(connect, pause);
          pause = Math.min(pause * 2, RETRY_LAST);
        };
      };
      connect();
    },
  };
}
