// Speaks to Nova's metadata API as Neutron's proxy does for a guest, and with the guest's words.
import { constants, createHmac, createPublicKey, publicEncrypt } from 'node:crypto';

/** What a guest reads about itself. */
export interface Metadata {
  uuid: string;
  name: string;
  meta?: Record<string, string>;
  public_keys?: Record<string, string>;
}

export interface MetadataSource {
  url: string;
  /** Shared by Nova and the proxy. */
  secret: string;
}

export interface GuestId {
  id: string;
  projectId: string;
}

const headers = ({ secret }: MetadataSource, guest: GuestId) => ({
  'X-Instance-ID': guest.id,
  'X-Tenant-ID': guest.projectId,
  'X-Instance-ID-Signature': createHmac('sha256', secret).update(guest.id).digest('hex'),
});

/** Reads meta_data.json. */
export async function readMetadata(source: MetadataSource, guest: GuestId): Promise<Metadata> {
  const response = await fetch(`${source.url}/openstack/latest/meta_data.json`, {
    headers: headers(source, guest),
  });
  if (!response.ok) throw new Error(`metadata answers ${response.status}`);
  return (await response.json()) as Metadata;
}

/** Posts the encrypted password; resolves to the HTTP status (409: one was posted before). */
export async function postPassword(
  source: MetadataSource,
  guest: GuestId,
  encrypted: string,
): Promise<number> {
  const url = `${source.url}/openstack/2013-04-04/password`;
  const response = await fetch(url, { method: 'POST', headers: headers(source, guest), body: encrypted });
  await response.arrayBuffer();
  return response.status;
}

/** base64(RSA PKCS#1 v1.5(password)) under an `ssh-rsa` key; undefined for a key of another type. */
export function encryptFor(sshKey: string, password: string): string | undefined {
  const [type, blob] = sshKey.trim().split(/\s+/);
  if (type !== 'ssh-rsa' || blob === undefined) return undefined;
  // RFC 4253 section 6.6: "ssh-rsa", exponent, modulus, each with a 32-bit length; integers carry a leading zero byte.
  const bytes = Buffer.from(blob, 'base64');
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const number = (field: Buffer | undefined) =>
    (field?.[0] === 0 ? field.subarray(1) : (field ?? Buffer.alloc(0))).toString('base64url');
  const key = createPublicKey({
    key: { kty: 'RSA', e: number(fields[1]), n: number(fields[2]) },
    format: 'jwk',
  });
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password, 'utf8')).toString(
    'base64',
  );
}
