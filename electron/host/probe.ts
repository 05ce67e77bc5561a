// The host check: one round trip that finds what a KVM host has and lacks, and says what each means.
// May touch: the Host it is given, shared.
import { CasementError } from '../../shared/errors.ts';
import type { ProbeReport } from '../../shared/views.ts';
import { judge } from './probe-findings.ts';
import { parseProbe } from './probe-parse.ts';
import { PROBE_SCRIPT } from './probe-script.ts';
import type { Host } from './types.ts';

/** Every part of the script is bounded to about 3 s; beyond this the host itself does not answer. */
const LIMIT_MS = 30_000;

export interface ProbeOptions {
  /** Address of the cloud (http or https) whose reachability from the host is asked. */
  readonly cloudUrl?: string;
  /** Try KVM again even if the answer is remembered. */
  readonly fresh?: boolean;
  /** Folder of all builds instead of `~/.casement/builds`; absolute. */
  readonly workRoot?: string;
}

/** Probes a host in one round trip. Throws `host.probe-failed` when no complete answer comes. */
export async function probeHost(host: Host, options: ProbeOptions = {}): Promise<ProbeReport> {
  const started = performance.now();
  const cloudUrl =
    options.cloudUrl !== undefined && URL.canParse(options.cloudUrl) ? options.cloudUrl : undefined;
  const words = ['sh', '-s', '--', options.workRoot ?? '', cloudUrl ?? '', options.fresh ? 'fresh' : ''];
  const result = await host.run(words, { stdin: PROBE_SCRIPT, timeoutMs: LIMIT_MS, allowFailure: true });
  const facts = parseProbe(result.stdout);
  if (facts === null) throw probeFailed(result.code, result.stdout, result.stderr);
  const { ovmf, ovmfSecure, isoTool, injection, cloudReachable, findings } = judge(facts, cloudUrl);
  return {
    at: new Date().toISOString(),
    os: { id: facts.os.id, version: facts.os.version, name: facts.os.name },
    hostname: facts.hostname,
    user: facts.user,
    home: facts.home,
    root: facts.root,
    sudo: facts.sudo,
    qemu: facts.qemu,
    accel: facts.kvm === 'works' ? 'kvm' : 'tcg',
    cores: facts.cores,
    memoryMB: Math.round(facts.memory / 1024 ** 2),
    workRoot: facts.builds,
    freeBytes: facts.free,
    ovmf,
    ovmfSecure,
    swtpm: facts.tools.get('swtpm') ?? null,
    isoTool,
    injection,
    curl: facts.tools.has('curl'),
    cloudReachable,
    findings,
    durationMs: Math.round(performance.now() - started),
  };
}

function probeFailed(code: number, stdout: string, stderr: string): CasementError {
  return new CasementError({
    code: 'host.probe-failed',
    title: 'The host could not be checked',
    whatHappened:
      'The host did not run the check to its end. It may not be a Linux machine, or its shell is restricted.',
    whatToDo: 'Choose a Linux host on which your account has an ordinary shell.',
    detail: `status ${code}\n${stderr.slice(-2000)}\n${stdout.slice(0, 500)}`,
  });
}
