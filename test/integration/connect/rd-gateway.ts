// A Remote Desktop Gateway for the tests: [MS-TSGU] over a WebSocket, as FreeRDP speaks it, behind HTTP with NTLM. It checks
// the account as a real one does, and leads to any server, or says no in the gateway's own codes.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { md4 } from '../../lab/servers/md4.ts';
import { makeAuthority } from '../cloud/tls-proxy.ts';

/** What a gateway answers instead of leading to a server. Source: [MS-TSGU] 2.2.6. */
const REFUSALS = {
  /** The connection authorization policy: who may use the gateway. */
  account: 0x800759db,
  /** The resource authorization policy: which servers one may go to. */
  resource: 0x800759da,
  /** The server did not answer the gateway. */
  server: 0x800759dd,
} as const;

/** The one account that it knows. */
interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

interface RdGateway {
  /** `host:port`. */
  readonly address: string;
  /** Servers that somebody was led to, as `address:port`. */
  readonly led: string[];
  /** Who was let in, as `DOMAIN\user`. */
  readonly admitted: string[];
  /** What it answers from now on; null leads. */
  refuse: keyof typeof REFUSALS | null;
  close(): void;
}

/** Starts a gateway on a free port of 127.0.0.1. */
export async function startGateway(account: Account): Promise<RdGateway> {
  const sockets = new Set<Socket>();
  const { server: pair } = makeAuthority();
  const files = { key: readFileSync(pair.key), cert: readFileSync(pair.cert) };
  const server = createServer(files, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    greet(socket, account, gateway);
  });
  const gateway: RdGateway & { address: string } = {
    address: '',
    led: [],
    admitted: [],
    refuse: null,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

/** HTTP: a challenge, its answer, and the upgrade to a WebSocket. */
function greet(socket: TLSSocket, known: Account, gateway: RdGateway): void {
  const challenge = randomBytes(8);
  let received = Buffer.alloc(0);
  const hear = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.subarray(0, end).toString('latin1');
    received = received.subarray(end + 4);
    // FreeRDP 3 calls it Negotiate.
    const [scheme = 'NTLM', sent = ''] = header(head, 'Authorization').split(' ');
    const token = Buffer.from(sent, 'base64');
    const unauthorized = (more: string) =>
      socket.write(
        `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${scheme}${more}\r\nContent-Length: 0\r\n\r\n`,
      );
    if (!/^RDG_OUT_DATA \/remoteDesktopGateway\//.test(head))
      return void socket.end('HTTP/1.1 405 Not Allowed\r\n\r\n');
    if (token.length < 12 || token.readUInt32LE(8) !== 3)
      return void unauthorized(` ${ntlmChallenge(challenge, known.domain).toString('base64')}`);
    const account = admitted(token, challenge, known);
    if (account === null) return void unauthorized('');
    gateway.admitted.push(account);
    socket.off('data', hear);
    // RFC 6455 section 4.2.2.
    const accept = createHash('sha1')
      .update(`${header(head, 'Sec-WebSocket-Key')}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    lead(socket, received, gateway);
  };
  socket.on('data', hear);
}

const header = (head: string, name: string): string =>
  new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** [MS-NLMP] 2.2.1.2. */
function ntlmChallenge(challenge: Buffer, domain: string): Buffer {
  const pair = (id: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const name = utf16(domain);
  const time = Buffer.alloc(8);
  // 100 ns since 1601.
  time.writeBigUInt64LE(BigInt(Date.now() + 11_644_473_600_000) * 10_000n);
  const info = Buffer.concat([
    pair(2, name),
    pair(1, utf16('GATEWAY')),
    pair(7, time),
    pair(0, Buffer.alloc(0)),
  ]);
  const message = Buffer.alloc(56);
  message.write('NTLMSSP\0', 'latin1');
  message.writeUInt32LE(2, 8);
  message.writeUInt16LE(name.length, 12);
  message.writeUInt16LE(name.length, 14);
  message.writeUInt32LE(56, 16);
  // Unicode, NTLM, extended session security, target information, 56 and 128 bits, version.
  message.writeUInt32LE(0xe2898235, 20);
  challenge.copy(message, 24);
  message.writeUInt16LE(info.length, 40);
  message.writeUInt16LE(info.length, 42);
  message.writeUInt32LE(56 + name.length, 44);
  message.set([10, 0, 0, 0, 0, 0, 0, 15], 48);
  return Buffer.concat([message, name, info]);
}

/** Whose right password an answer proves, as `DOMAIN\user`; null for everybody else. [MS-NLMP] 3.3.2. */
function admitted(token: Buffer, challenge: Buffer, known: Account): string | null {
  const field = (at: number): Buffer => {
    const offset = token.readUInt32LE(at + 4);
    return token.subarray(offset, offset + token.readUInt16LE(at));
  };
  const [answer, domain, user] = [field(20), field(28).toString('utf16le'), field(36).toString('utf16le')];
  if (answer.length < 24 || user.toLowerCase() !== known.user.toLowerCase() || domain !== known.domain)
    return null;
  const key = createHmac('md5', md4(utf16(known.password)))
    .update(utf16(user.toUpperCase() + domain))
    .digest();
  const proof = createHmac('md5', key)
    .update(Buffer.concat([challenge, answer.subarray(16)]))
    .digest();
  return timingSafeEqual(proof, answer.subarray(0, 16)) ? `${domain}\\${user}` : null;
}

/** Packets: handshake, tunnel, its authorization, the channel to one server, and then data both ways. */
function lead(socket: TLSSocket, begun: Buffer, gateway: RdGateway): void {
  let target: Socket | null = null;
  const send = (type: number, body: Buffer): void => {
    const packet = Buffer.alloc(8);
    packet.writeUInt16LE(type, 0);
    packet.writeUInt32LE(8 + body.length, 4);
    socket.write(frame(Buffer.concat([packet, body])));
  };
  const words = (...values: readonly (readonly [size: 1 | 2 | 4, value: number])[]): Buffer =>
    Buffer.concat(
      values.map(([size, value]) => {
        const bytes = Buffer.alloc(size);
        bytes.writeUIntLE(value, 0, size);
        return bytes;
      }),
    );
  const packet = (type: number, body: Buffer): void => {
    const code = gateway.refuse === null ? 0 : REFUSALS[gateway.refuse];
    if (type === 0x1) send(0x2, words([4, 0], [1, 1], [1, 0], [2, 0], [2, 0]));
    else if (type === 0x4) send(0x5, words([2, 0], [4, 0], [2, 3], [2, 0], [4, 1], [4, 0]));
    else if (type === 0x6) send(0x7, words([4, gateway.refuse === 'account' ? code : 0], [2, 0], [2, 0]));
    else if (type === 0x8) {
      if (code !== 0) {
        send(0x9, words([4, code], [2, 0], [2, 0]));
        return;
      }
      const port = body.readUInt16LE(2);
      const host = body
        .subarray(8, 8 + body.readUInt16LE(6))
        .toString('utf16le')
        .replace(/\0+$/, '');
      gateway.led.push(`${host}:${port}`);
      target = createConnection({ host, port });
      target.on('error', () => socket.destroy());
      target.once('close', () => socket.destroy());
      socket.once('close', () => target?.destroy());
      target.on('data', (chunk: Buffer) => {
        for (let at = 0; at < chunk.length; at += 0x4000) {
          const part = chunk.subarray(at, at + 0x4000);
          send(0xa, Buffer.concat([words([2, part.length]), part]));
        }
      });
      send(0x9, words([4, 0], [2, 1], [2, 0], [4, 1]));
    } else if (type === 0xa) target?.write(body.subarray(2, 2 + body.readUInt16LE(0)));
    else if (type === 0x10) {
      send(0x11, words([4, 0]));
      socket.end();
    }
  };
  let frames = begun;
  let packets = Buffer.alloc(0);
  const hear = (chunk: Buffer) => {
    frames = Buffer.concat([frames, chunk]);
    for (;;) {
      const found = unframe(frames);
      if (!found) break;
      frames = frames.subarray(found.length);
      if (found.opcode === 8) return void socket.end();
      packets = Buffer.concat([packets, found.payload]);
    }
    while (packets.length >= 8 && packets.length >= packets.readUInt32LE(4)) {
      const length = packets.readUInt32LE(4);
      packet(packets.readUInt16LE(0), packets.subarray(8, length));
      packets = packets.subarray(length);
    }
  };
  socket.on('data', hear);
  hear(Buffer.alloc(0));
}

/** A binary frame of a server. RFC 6455 section 5.2. */
function frame(payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x82, payload.length]), payload]);
  const head = Buffer.from([0x82, 126, 0, 0]);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** The first frame of a client in these bytes; null while it is incomplete. */
function unframe(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | null {
  if (bytes.length < 6) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const at = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < at + 4) return null;
  const size =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = at + 4 + size;
  if (bytes.length < length) return null;
  const mask = bytes.subarray(at, at + 4);
  const payload = Buffer.from(bytes.subarray(at + 4, length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return { opcode: (bytes[0] ?? 0) & 0xf, payload, length };
}
