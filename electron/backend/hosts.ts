// KVM hosts: one shared connection each, the check, its fixes, browsing.
import { type ErrorData, toErrorData } from '../../shared/errors.ts';
import type { HostSpec } from '../../shared/plan.ts';
import type { HostView, ProbeReport } from '../../shared/views.ts';
import type { Ask, Secrets } from '../desktop/port.ts';
import { browse, connectHost, fixFinding, probeHost } from '../host/index.ts';
import type { Host } from '../host/types.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';

interface HostsOptions {
  /** The state folder: whose host key is known stands there. */
  readonly home: string;
  readonly ask: Ask;
  readonly secrets: Secrets;
  readonly events: EventBus;
}

/** Connections to hosts, one each, shared by the wizard and all runs. */
export interface Hosts {
  readonly service: Service<
    'host.connect' | 'host.disconnect' | 'host.probe' | 'host.fix' | 'host.fix.cancel' | 'host.browse'
  >;
  /** The connected host; connects when it is not. Rejects with the sentence of what stands in the way. */
  open(spec: HostSpec, signal?: AbortSignal): Promise<Host>;
  /** The hosts that were asked for since the start and did not refuse. */
  known(): HostSpec[];
  /** The newest probe of a host; probes when there is none. */
  probe(spec: HostSpec): Promise<ProbeReport>;
  close(): Promise<void>;
}

interface Connection {
  readonly spec: HostSpec;
  readonly stop: AbortController;
  readonly opening: Promise<Host>;
  host: Host | null;
  error: ErrorData | null;
}

/** Key of a host before it was ever reached: its address and the way there. */
function hostSpecKey(spec: HostSpec): string {
  if (spec.kind === 'local') return 'local';
  const address = spec.address.trim().replace(/^ssh:\/\//i, '');
  return [address, ...(spec.jump ?? []).map((jump) => `via ${jump.replace(/^ssh:\/\//i, '')}`)].join(' ');
}

/** The hosts of this workstation; nothing is connected before somebody asks. */
export function createHosts(options: HostsOptions): Hosts {
  const connections = new Map<string, Connection>();
  const probes = new Map<string, ProbeReport>();
  const fixes = new Map<string, AbortController>();

  const view = (spec: HostSpec): HostView => {
    const key = hostSpecKey(spec);
    const connection = connections.get(connectionKey(spec));
    const state =
      connection?.host?.state ?? (connection && !connection.error ? 'connecting' : 'disconnected');
    const label = spec.kind === 'local' ? 'This computer' : key;
    return { key, label, spec, state, error: connection?.error ?? null };
  };
  const changed = (spec: HostSpec): HostView => {
    const now = view(spec);
    options.events.emit('host.changed', now);
    return now;
  };

  const begin = (spec: HostSpec): Connection => {
    const stop = new AbortController();
    const opening = connectHost(spec, options, stop.signal).then(async (host) => {
      // Dropped while it was still connecting: nobody else would ever close it.
      if (stop.signal.aborted) await host.close();
      stop.signal.throwIfAborted();
      return host;
    });
    const connection: Connection = { spec, stop, opening, host: null, error: null };
    opening.then(
      (host) => {
        connection.host = host;
        host.onState(() => changed(spec));
        changed(spec);
      },
      (thrown: unknown) => {
        connection.error = toErrorData(thrown);
        changed(spec);
      },
    );
    return connection;
  };
  const open = async (spec: HostSpec, signal?: AbortSignal): Promise<Host> => {
    signal?.throwIfAborted();
    const key = connectionKey(spec);
    const known = connections.get(key);
    // A refused connection is made anew. One that broke later dials again by itself, and a build may be using it.
    if (known && !known.error) return await abortable(known.opening, signal);
    const connection = begin(spec);
    connections.set(key, connection);
    changed(spec);
    return await abortable(connection.opening, signal);
  };
  const drop = async (key: string): Promise<void> => {
    const connection = connections.get(key);
    connections.delete(key);
    connection?.stop.abort();
    await connection?.host?.close();
  };
  const probe = async (
    spec: HostSpec,
    more: { cloudUrl?: string; fresh?: boolean } = {},
  ): Promise<ProbeReport> => {
    const report = await probeHost(await open(spec), more);
    probes.set(hostSpecKey(spec), report);
    return report;
  };

  return {
    open,
    known: () => [...connections.values()].filter(({ error }) => !error).map(({ spec }) => spec),
    probe: async (spec) => probes.get(hostSpecKey(spec)) ?? (await probe(spec)),
    async close() {
      await Promise.all([...connections.keys()].map(drop));
    },
    service: {
      async 'host.connect'({ host }) {
        const opened = await open(host);
        // The next command dials again: somebody who asks for a connection is told why there is none.
        if (opened.state !== 'connected') await opened.run(['true']);
        return view(host);
      },
      async 'host.disconnect'({ host }) {
        await drop(connectionKey(host));
        changed(host);
      },
      'host.probe': ({ host, cloudUrl, fresh }) =>
        probe(host, { ...(cloudUrl ? { cloudUrl } : {}), ...(fresh === undefined ? {} : { fresh }) }),
      async 'host.fix'({ host, finding, sudoPassword }) {
        const key = hostSpecKey(host);
        const stop = new AbortController();
        fixes.set(fixKey(host, finding), stop);
        try {
          const report = probes.get(key) ?? (await probe(host));
          const { exitCode } = await fixFinding(await open(host, stop.signal), report, finding, {
            onOutput: (text) => options.events.emit('host.output', { key, finding, text }),
            ...(sudoPassword === undefined ? {} : { sudoPassword }),
            signal: stop.signal,
          });
          return { exitCode };
        } finally {
          if (fixes.get(fixKey(host, finding)) === stop) fixes.delete(fixKey(host, finding));
          // What was true before the fix is not true any more, even if it was ended halfway.
          probes.delete(key);
        }
      },
      'host.fix.cancel': ({ host, finding }) => fixes.get(fixKey(host, finding))?.abort(),
      'host.browse': async ({ host, path }) => browse(await open(host), path),
    },
  };
}

// The same address with another key file is another connection.
const connectionKey = (spec: HostSpec): string => JSON.stringify(spec);

const fixKey = (spec: HostSpec, finding: string): string => `${hostSpecKey(spec)} ${finding}`;

// One caller may give up without ending the connection for the others.
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
