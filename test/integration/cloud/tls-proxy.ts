// TLS in front of the laboratory's Keystone, with an authority that nobody knows; wants a client certificate if told so.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

export interface Authority {
  readonly ca: string;
  /** PEM files of a certificate for the server and of one for a client. */
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** A certificate authority of this moment with two certificates. */
export function makeAuthority(): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'casement-ca-'));
  const file = (name: string) => join(dir, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: dir, stdio: 'ignore' });
  const fresh = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(...fresh, '-subj', '/CN=Casement test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  const pair = (name: string, ...more: string[]) => {
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
    openssl(
      ...fresh,
      ...by,
      '-subj',
      `/CN=${name}`,
      ...more,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
    return { cert: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  return {
    ca: file('ca.pem'),
    server: pair('server', '-addext', 'subjectAltName=IP:127.0.0.1'),
    client: pair('client'),
  };
}

/** What nginx says to somebody who shows no certificate. */
const NGINX =
  '<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>No required SSL certificate was sent</center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n';

/** Passes everything on to `target` over plain HTTP. */
export async function tlsProxy(
  target: string,
  authority: Authority,
  clientCertificate: boolean,
): Promise<{ url: string; close: () => void }> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer(
    {
      cert: readFileSync(authority.server.cert),
      key: readFileSync(authority.server.key),
      ca: readFileSync(authority.ca),
      requestCert: clientCertificate,
      rejectUnauthorized: false,
    },
    (incoming, outgoing) => {
      if (clientCertificate && !(incoming.socket as TLSSocket).authorized) {
        outgoing.writeHead(400, { 'content-type': 'text/html' });
        outgoing.end(NGINX);
        return;
      }
      const inner = request(
        { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      inner.on('error', () => outgoing.destroy());
      incoming.pipe(inner);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
