// The login proof against the laboratory: a throw-away server, its password, a real NLA login, and nothing left behind.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrial } from '../../../electron/backend/login-proof.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { findWay, gatewayWay } from '../../../electron/connect/index.ts';
import { removeProof } from '../../../electron/run/proof-remains.ts';
import { type ProofWish, proveLogin } from '../../../electron/run/prove-login.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';
import type { ImageView } from '../../../shared/views.ts';
import { activeImage, labCloud } from '../cloud/lab-cloud.ts';
import { startGateway } from '../connect/rd-gateway.ts';
import { labEnv } from '../lab.ts';

const mark = `casement-proof-${randomUUID()}`;
const home = mkdtempSync(join(tmpdir(), 'casement-proof-'));
const stop = new AbortController();
let cloud: Cloud;
let image: ImageView;
/** The gateway of the practice network, from which this computer reaches its servers. */
let gateway: string;

beforeAll(async () => {
  cloud = await labCloud();
  const id = await activeImage(cloud, mark);
  const made = await cloud.image(id);
  if (!made) throw new Error('no image');
  image = made;
  const network = (await cloud.networks()).find(({ name }) => name === labEnv().network);
  gateway = network?.subnets[0]?.replace(/0\/24$/, '1') ?? '';
});
afterAll(async () => {
  await removeProof(cloud, mark, AbortSignal.timeout(60_000));
  await cloud.deleteImage(image.id);
  await cloud.close();
  rmSync(home, { recursive: true });
});

function wish(more: Partial<ProofWish> = {}): ProofWish {
  return {
    cloud,
    image,
    mark,
    flavor: null,
    network: labEnv().network,
    securityGroups: [],
    // The laboratory's servers are reached from their gateway.
    tunnels: [{ kind: 'ssh', address: `admin@${gateway}` }],
    user: 'Administrator',
    way: (addresses, signal, options) => findWay(addresses, [], signal, options),
    signIn: createTrial(home).signIn,
    onProgress: () => {},
    note: async () => {},
    signal: stop.signal,
    ...more,
  };
}

/** Whatever of the proof is in the cloud. */
async function remains(): Promise<string[]> {
  const found = [
    ...(await cloud.servers(mark)).map(({ name }) => `server ${name}`),
    ...(await cloud.keypairs()).map(({ name }) => `key pair ${name}`),
    ...(await cloud.securityGroups()).map(({ name }) => `security group ${name}`),
  ];
  return found.filter((each) => each.includes(mark));
}

describe('the login proof', { timeout: 180_000 }, () => {
  it('launches a server, signs in with the password that it reports, and leaves nothing', async () => {
    const said: string[] = [];
    const notes: string[] = [];
    let during: string[] = [];
    const proof = await proveLogin(
      wish({
        onProgress: ({ message }) => void said.push(message),
        note: async (message) => {
          notes.push(message);
          during = await remains();
        },
      }),
    );
    expect(proof).toMatchObject({
      user: 'Administrator',
      via: null,
      client: expect.stringMatching(/^FreeRDP/),
      address: expect.stringMatching(/^198\.18\./),
    });
    const { active, password, answers, signedIn } = proof.seconds;
    expect([active, password, answers, signedIn]).toEqual(
      [active, password, answers, signedIn].toSorted((a, b) => a - b),
    );
    console.log(`login proof: ${JSON.stringify(proof.seconds)}`);
    expect(notes).toEqual(['A throw-away server is starting.']);
    expect(during).toEqual([`server ${mark}`, `key pair ${mark}`, `security group ${mark}-1`]);
    expect(said).toContain('Signing in as Administrator');
    expect(await remains()).toEqual([]);
  });

  it('goes through a gateway, which Windows answers a moment later', async () => {
    const rdg = await startGateway({ domain: 'DOM', user: 'me', password: 'Gateway-2026' });
    const options = desktopOptions.parse({ gateway: { address: rdg.address, user: 'DOM\\me' } }).gateway;
    rdg.refuse = 'server';
    const proof = await proveLogin(
      wish({
        gateway: options && { options, password: 'Gateway-2026' },
        way: async (addresses) => gatewayWay(addresses, rdg.address),
        onProgress: ({ message }) => {
          if (message.startsWith('The server does not answer the gateway yet')) rdg.refuse = null;
        },
      }),
    );
    expect(proof).toMatchObject({ via: rdg.address, user: 'Administrator' });
    expect(rdg.admitted).toEqual(['DOM\\me', 'DOM\\me']);
    expect(rdg.led).toEqual([`${proof.address}:3389`]);
    expect(await remains()).toEqual([]);
    rdg.close();
  });

  it('fails on a server whose password is another than the reported one, and leaves nothing', async () => {
    const metadata = { 'standin-later-password': 'yes' };
    const spoilt: Cloud = { ...cloud, launch: (request) => cloud.launch({ ...request, metadata }) };
    await expect(proveLogin(wish({ cloud: spoilt }))).rejects.toMatchObject({
      code: 'connect.wrong-password',
    });
    expect(await remains()).toEqual([]);
  });

  it('leaves nothing when it is cancelled, and clears away what a killed one left', async () => {
    const cancel = new AbortController();
    const proof = proveLogin(wish({ signal: cancel.signal, note: async () => cancel.abort() }));
    await expect(proof).rejects.toMatchObject({ name: 'AbortError' });
    expect(await remains()).toEqual([]);

    await cloud.importKeypair(mark, KEY);
    await cloud.createSecurityGroup({ name: `${mark}-1`, description: '', from: '192.0.2.1/32' });
    const found = { launch: () => Promise.reject(new Error('stop here')) };
    await expect(proveLogin(wish({ cloud: { ...cloud, ...found } }))).rejects.toThrow('stop here');
    expect(await remains()).toEqual([]);
  });
});

const KEY = `ssh-ed25519 ${Buffer.from('0000000b7373682d6564323535313900000020'.padEnd(102, '0'), 'hex').toString('base64')}`;
