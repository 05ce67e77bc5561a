// What only a desktop has, as one port with one adapter per front: dialogs, keyring, opening a program's window.
// Lower layers receive these interfaces; they never import an adapter. Types only.
import type { Question } from '../../shared/views.ts';

/** Asks the person in front. Resolves with one string a field, or null when declined (or nobody is there). */
export interface Ask {
  ask(question: Omit<Question, 'id'>, signal?: AbortSignal): Promise<readonly string[] | null>;
}

/** Resolves secret references of a plan (`env:`, `keyring:`, `ask:`). Throws `secret.missing` when it cannot. */
export interface Secrets {
  get(ref: string, label: string): Promise<string>;
  put(name: string, value: string): Promise<{ ref: string; kept: 'keyring' | 'memory' }>;
}

export interface Desktop {
  /** Native open dialog; undefined where the front has none. */
  readonly pickFile?: (title: string, extensions: readonly string[]) => Promise<string | null>;
  /** The clipboard, also while another window is in front; undefined where only the page has one. */
  readonly clipboard?: {
    readonly read: () => Promise<string>;
    readonly write: (text: string) => Promise<void>;
    readonly clear: () => Promise<void>;
  };
  readonly openExternal: (url: string) => Promise<void>;
  /** Opens the browser at the sign-in page of a cloud; undefined where the person does that. */
  readonly openSignIn?: (url: string) => Promise<void>;
  /** Keyring of the desktop; undefined where there is none (then secrets live in memory only). */
  readonly keyring?: {
    readonly get: (name: string) => Promise<string | null>;
    readonly put: (name: string, value: string) => Promise<void>;
  };
}
