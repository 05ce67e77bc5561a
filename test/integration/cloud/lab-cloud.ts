// What the cloud tests share: signing in to the laboratory, a host, a disk, and a proxy that can spoil an upload.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Glance } from '../../../electron/cloud/glance.ts';
import { openCloud, resolveCloud } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { connectHost } from '../../../electron/host/index.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import { labEnv } from '../lab.ts';

/** Secrets that answer `env:NAME` from a map and nothing else. */
export function secretsOf(values: Readonly<Record<string, string>>) {
  return {
    get: async (ref: string) => {
      const value = values[ref.replace(/^env:/, '')];
      if (value === undefined) throw new Error(`no secret ${ref}`);
      return value;
    },
    put: async () => ({ ref: '', kept: 'memory' as const }),
  };
}

/** The laboratory's user, typed. */
export function typedSource(more: Partial<Extract<CloudSource, { kind: 'password' }>> = {}) {
  const { authUrl, username, userDomain, project, projectDomain } = labEnv().cloud;
  return {
    kind: 'password' as const,
    authUrl,
    username,
    userDomain,
    project,
    projectDomain,
    password: 'env:RIGHT',
    ...more,
  };
}

export const labSecrets = () => secretsOf({ RIGHT: labEnv().cloud.password, WRONG: 'not-the-password' });

/** The laboratory's cloud, signed in. */
export function labCloud(): Promise<Cloud> {
  return openCloud(typedSource(), { secrets: labSecrets() });
}

/** A KVM host behind SSH whose user has no root rights. */
export function labHost(): Promise<Host> {
  const { address, identity, knownHosts } = labEnv().hosts.user;
  return connectHost(
    { kind: 'ssh', address, identity, knownHosts },
    {
      ask: { ask: async () => null },
      secrets: secretsOf({}),
      home: mkdtempSync(join(tmpdir(), 'casement-home-')),
    },
  );
}

export interface Disk {
  readonly dir: string;
  readonly disk: string;
  readonly bytes: number;
  readonly sha512: string;
}

/** A file of random bytes in a work folder of its own on the host, with a name that must be quoted. */
export async function diskOn(host: Host, bytes: number): Promise<Disk> {
  const dir = `${await host.home()}/.casement/builds/test-${randomUUID()}`;
  await host.run(['mkdir', '-p', dir]);
  const data = randomBytes(bytes);
  const disk = `${dir}/it's a {disk}.qcow2`;
  await host.files.write(disk, data);
  return { dir, disk, bytes, sha512: createHash('sha512').update(data).digest('hex') };
}

export interface Spoil {
  /** Changes one bit of the body. */
  readonly flip?: boolean;
  /** Slows the body down to about this many bytes a second. */
  readonly bytesPerSecond?: number;
  /** Hangs up after this many bytes of the body. */
  readonly dropAfter?: number;
}

/** A proxy in front of Glance. `seen` counts the bodies that began to arrive. */
export async function proxyTo(
  target: string,
  spoil: Spoil,
): Promise<{ url: string; seen: () => number; close: () => void }> {
  let bodies = 0;
  const server: Server = createServer((incoming, outgoing) => {
    if (incoming.method === 'PUT') bodies += 1;
    const { hostname, port } = new URL(target);
    const { expect: _, ...headers } = incoming.headers;
    const inner = httpRequest(
      { hostname, port, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    inner.on('error', () => outgoing.destroy());
    incoming.on('close', () => {
      if (!incoming.complete) inner.destroy();
    });
    incoming
      .pipe(spoiler(spoil))
      .on('error', () => incoming.destroy())
      .pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function spoiler({ flip, bytesPerSecond, dropAfter }: Spoil): Transform {
  let passed = 0;
  let flipped = false;
  return new Transform({
    async transform(chunk: Buffer, _encoding, next) {
      passed += chunk.length;
      if (dropAfter !== undefined && passed > dropAfter) return next(new Error('hung up on purpose'));
      if (flip && !flipped && passed > 1000) {
        flipped = true;
        chunk[chunk.length >> 1] = (chunk[chunk.length >> 1] ?? 0) ^ 1;
      }
      if (bytesPerSecond !== undefined) await delay((chunk.length / bytesPerSecond) * 1000);
      next(null, chunk);
    },
  });
}

/** The Glance that answers at this address, for a session signed in elsewhere. */
export function glanceAt(session: Session, address: string): Glance {
  class Elsewhere extends Glance {
    override url(path: string): Promise<string> {
      return Promise.resolve(`${address}/v2${path}`);
    }
  }
  return new Elsewhere(session);
}

/** An image that can be launched: Glance looks into nothing, so a few bytes do. */
export async function activeImage(cloud: Cloud, name: string, project?: string): Promise<string> {
  const request = {
    name,
    visibility: 'private',
    format: 'qcow2',
    minDiskGB: 1,
    minRamMB: 64,
    properties: {},
  } as const;
  const { id } = await cloud.createImage(request, name);
  const answer = await call(
    'PUT',
    `${await cloud.endpoint('image')}/v2/images/${id}/file`,
    randomBytes(1024),
    project,
  );
  if (answer.status !== 204) throw new Error(`Glance took no image: ${answer.status}`);
  return id;
}

/** Deletes a key pair, which the product never does. */
export async function removeKeypair(name: string): Promise<void> {
  const cloud = await labCloud();
  const url = `${await cloud.endpoint('compute')}/os-keypairs/${encodeURIComponent(name)}`;
  await cloud.close();
  const answer = await call('DELETE', url);
  if (!answer.ok) throw new Error(`Nova keeps the key pair: ${answer.status} ${await answer.text()}`);
}

/** A request of the test's own, with a token of its own. */
async function call(method: string, url: string, body?: Buffer, project?: string): Promise<Response> {
  const source = typedSource(project === undefined ? {} : { project });
  const session = await Session.open(await resolveCloud(source, labSecrets()));
  const { id } = await session.token();
  await session.http.close();
  return await fetch(url, {
    method,
    headers: { 'x-auth-token': id, ...(body ? { 'content-type': 'application/octet-stream' } : {}) },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
}
