// Where secrets come from: the environment, the desktop's keyring (or this program's memory), the person in front.
import { CasementError } from '../../shared/errors.ts';
import type { Ask, Desktop, Secrets } from '../desktop/port.ts';

/**
 * Resolves `env:`, `keyring:` and `ask:` references; what was asked once is remembered until this program ends. What a
 * keyring does not hold is asked for too: without a keyring it was in the memory of an earlier program.
 */
export function createSecrets(desktop: Desktop, ask: Ask, env: NodeJS.ProcessEnv = process.env): Secrets {
  const memory = new Map<string, string>();
  const asked = new Map<string, Promise<string | null>>();

  const fromPerson = (ref: string, name: string, label: string): Promise<string | null> => {
    const known = asked.get(ref);
    if (known) return known;
    const answer = ask
      .ask({
        kind: 'secret',
        title: label,
        text: `Casement needs ${label}. It is kept in memory only, until Casement ends.`,
        fingerprint: null,
        fields: [{ label: name, echo: false }],
      })
      .then((given) => given?.[0] || null);
    asked.set(ref, answer);
    // A declined question may be asked again; an answer stays.
    void answer.then((value) => value ?? asked.delete(ref)).catch(() => asked.delete(ref));
    return answer;
  };

  const lookUp = async (kind: string, name: string, label: string): Promise<string | null> => {
    if (kind === 'env') return env[name] ?? null;
    if (kind === 'keyring') {
      const kept = memory.get(name) ?? (await desktop.keyring?.get(name));
      return kept ?? (await fromPerson(`keyring:${name}`, name, label));
    }
    if (kind === 'ask') return await fromPerson(`ask:${name}`, name, label);
    return null;
  };

  return {
    async get(ref, label) {
      const [kind = '', ...rest] = ref.split(':');
      const value = await lookUp(kind, rest.join(':'), label);
      if (value === null || value === '') throw missing(ref, label);
      return value;
    },
    async put(name, value) {
      const ref = `keyring:${name}`;
      if (desktop.keyring) {
        await desktop.keyring.put(name, value);
        return { ref, kept: 'keyring' };
      }
      memory.set(name, value);
      return { ref, kept: 'memory' };
    },
  };
}

function missing(ref: string, label: string): CasementError {
  const how: Record<string, string> = {
    env: `Set the environment variable ${ref.slice('env:'.length)} and start again.`,
    keyring:
      'Continue and enter it when Casement asks for it. Where nobody can be asked (a command without a terminal), name an environment variable (env:NAME) in the plan.',
    ask: 'Start again and answer the question, or name an environment variable (env:NAME) in the plan.',
  };
  return new CasementError({
    code: 'secret.missing',
    title: `${label} is missing`,
    whatHappened: `The plan says that ${label} lies at "${ref}", but nothing was found there.`,
    whatToDo: how[ref.split(':')[0] ?? ''] ?? 'Correct the reference in the plan.',
  });
}
