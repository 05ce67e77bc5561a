// A second Glance beside that of the laboratory, on the same database, with settings of its own: it can be killed and
// started again without disturbing anybody.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';

export interface OwnGlance {
  readonly url: string;
  /** Ends it without a chance to tidy up, as a crash does. */
  kill(): Promise<void>;
  /** Starts it with these settings of its section DEFAULT; resolves when it answers. */
  start(settings: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** A Glance that is not started yet. */
export async function ownGlance(): Promise<OwnGlance> {
  const dir = mkdtempSync(join(tmpdir(), 'casement-glance-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lab = labEnv();
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    const dying = child;
    child = null;
    if (!dying || dying.exitCode !== null) return;
    const ended = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    kill,
    async start(settings) {
      const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
      const own = join(dir, 'own.conf');
      writeFileSync(own, ['[DEFAULT]', `bind_port = ${port}`, ...lines, ''].join('\n'));
      const log = openSync(join(dir, 'log'), 'a');
      const config = ['--config-file', join(lab.dir, 'etc/glance-api.conf'), '--config-file', own];
      child = spawn('/usr/bin/python3', ['test/lab/openstack/glance_api.py', ...config], {
        stdio: ['ignore', log, log],
        env: { ...process.env, PYTHONWARNINGS: 'ignore', no_proxy: '127.0.0.1,localhost' },
      });
      const answers = () =>
        fetch(`${url}/healthcheck`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until('a Glance of the test’s own', answers, 180_000);
    },
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
