// Accounts of the laboratory's Keystone that only the tests of signing in need: made as admin, deleted afterwards.
import { createHmac, randomUUID } from 'node:crypto';
import { Client } from '../../lab/openstack/client.ts';
import { labEnv } from '../lab.ts';

const DOMAIN = { id: 'default' };

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  /** Names of the projects that it is a member of. */
  readonly projects: readonly string[];
}

/** Keystone as its administrator; `made` is taken away again by `clean`. */
export class Accounts {
  readonly #admin: Client;
  readonly #url: string;
  readonly #made: string[] = [];

  constructor() {
    const { cloud, admin } = labEnv();
    this.#url = cloud.authUrl;
    this.#admin = new Client({ authUrl: cloud.authUrl, ...admin });
  }

  /** A user who is a member of so many new projects; `options` are Keystone's for users. */
  async user(projects: number, options: object = {}): Promise<Account> {
    const name = `user-${randomUUID().slice(0, 8)}`;
    const password = randomUUID();
    const { user } = await this.#post<{ user: { id: string } }>('/users', {
      user: { name, password, domain_id: DOMAIN.id, options },
    });
    this.#made.push(`/users/${user.id}`);
    const { roles } = await this.#admin.call<{ roles: { id: string }[] }>(
      'GET',
      `${this.#url}/roles?name=member`,
    );
    const names = Array.from({ length: projects }, (_, at) => `${name}-${'ab'[at] ?? at}`);
    for (const project of names) {
      const made = await this.#post<{ project: { id: string } }>('/projects', {
        project: { name: project, domain_id: DOMAIN.id },
      });
      this.#made.push(`/projects/${made.project.id}`);
      await this.#admin.call(
        'PUT',
        `${this.#url}/projects/${made.project.id}/users/${user.id}/roles/${roles[0]?.id}`,
      );
    }
    return { id: user.id, name, password, projects: names };
  }

  /** Gives a user a TOTP credential; the function returned computes the passcode of a moment, as a phone does. */
  async totp(user: string): Promise<(at: number) => string> {
    const secret = Buffer.from(randomUUID());
    await this.#post('/credentials', { credential: { type: 'totp', user_id: user, blob: base32(secret) } });
    return (at) => passcode(secret, at);
  }

  async clean(): Promise<void> {
    for (const path of this.#made.splice(0).reverse())
      await this.#admin.call('DELETE', `${this.#url}${path}`);
  }

  #post<T>(path: string, body: object): Promise<T> {
    return this.#admin.call<T>('POST', `${this.#url}${path}`, body);
  }
}

/** RFC 6238 with SHA-1, six digits and 30 seconds. */
function passcode(secret: Buffer, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{1,5}/g) ?? [];
  const text = letters
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
