// What the wizard knows and does: the backend's state mirrored into one store, the draft with its saving, and
// the actions that more than one component starts. Knows the client, nothing of React.
import type { HostSpec } from '../../shared/plan.ts';
import type {
  AppInfo,
  CloudAbilities,
  CloudView,
  HostView,
  JournalLine,
  ProbeReport,
  Question,
  RunView,
  SessionView,
} from '../../shared/views.ts';
import type { Client } from '../client.ts';
import { blankDraft, type Draft, goTo, readDraft } from './draft.ts';
import { cloudOf, draftOfPlan, hostOf, planOf } from './draft-plan.ts';
import { type PlanProblem, planError } from './plan-error.ts';
import { type PracticeProgress, practiceBegun, practiceHeard } from './practice.ts';
import { lastStage, type StepId } from './steps.ts';
import { createStore, type Store } from './store.ts';

export interface AppState {
  /** The steps of a build, or the page beside them. */
  readonly page: 'steps' | 'servers';
  /** null until the first answer or the first failure. */
  readonly online: boolean | null;
  readonly loaded: boolean;
  readonly info: AppInfo | null;
  readonly draft: Draft;
  readonly runs: readonly RunView[];
  readonly questions: readonly Question[];
  readonly sessions: readonly SessionView[];
  readonly journal: Readonly<Record<string, readonly JournalLine[]>>;
  /** The host of the draft as the backend sees it, since it was connected in this window. */
  readonly host: HostView | null;
  readonly probe: ProbeReport | null;
  /** Address of the cloud that the newest probe was asked about. */
  readonly probedCloud: string | null;
  readonly cloud: CloudView | null;
  /** What the account signed in may do; null until it was looked at. */
  readonly abilities: CloudAbilities | null;
  /** What the laboratory said so far, while it starts. */
  readonly practice: PracticeProgress | null;
}

/** Pause after the last change before the draft is saved, in milliseconds. */
const SAVE_PAUSE = 400;
/** Journal lines kept in the window for each run; the whole journal lies in the build's folder. */
const JOURNAL_LINES = 2000;

export class Model {
  readonly client: Client;
  readonly store: Store<AppState>;
  /** Secrets typed in this window, by their reference, so that they can be shown again; gone when it closes. */
  readonly #typed = new Map<string, string>();
  #saving: ReturnType<typeof setTimeout> | null = null;

  constructor(client: Client) {
    this.client = client;
    this.store = createStore<AppState>({
      page: 'steps',
      online: null,
      loaded: false,
      info: null,
      draft: readDraft(null),
      runs: [],
      questions: [],
      sessions: [],
      journal: {},
      host: null,
      probe: null,
      probedCloud: null,
      cloud: null,
      abilities: null,
      practice: null,
    });
  }

  get #state(): AppState {
    return this.store.get();
  }

  #set(change: Partial<AppState>): void {
    this.store.update((state) => ({ ...state, ...change }));
  }

  /** Listens to the backend and loads what it knows, now and after every reconnection. */
  start(): void {
    const { client } = this;
    client.on('run.changed', (run) => this.#set({ runs: upsert(this.#state.runs, run) }));
    client.on('session.changed', (session) => this.#set({ sessions: upsert(this.#state.sessions, session) }));
    client.on('question', (question) => this.#set({ questions: upsert(this.#state.questions, question) }));
    client.on('question.gone', ({ id }) => this.#forgetQuestion(id));
    client.on('practice.progress', (heard) => {
      const { practice } = this.#state;
      if (practice) this.#set({ practice: practiceHeard(practice, heard, Date.now()) });
    });
    client.on('host.changed', (host) => {
      if (host.key === this.#state.host?.key) this.#set({ host });
    });
    client.on('run.journal', (line) => {
      const { journal } = this.#state;
      const lines = [...(journal[line.run] ?? []), line].slice(-JOURNAL_LINES);
      this.#set({ journal: { ...journal, [line.run]: lines } });
    });
    client.start();
    client.onState((online) => {
      if (online) {
        this.#set({ online, questions: [] });
        this.#load().catch(() => this.#set({ online: client.online }));
      } else this.#set({ online });
    });
  }

  async #load(): Promise<void> {
    const { client } = this;
    const [info, runs, sessions] = await Promise.all([
      client.call('app.info', {}),
      client.call('run.list', {}),
      client.call('connect.sessions', {}),
    ]);
    // A later reconnection must not bring back what was on disk before the last keystroke.
    const draft = this.#state.loaded ? this.#state.draft : readDraft(await client.call('draft.load', {}));
    this.#set({ info, runs, sessions, draft, loaded: true });
  }

  /** Changes the draft; it is saved a moment after the last change. */
  readonly change = (edit: (draft: Draft) => Draft): void => {
    this.#set({ draft: edit(this.#state.draft) });
    if (this.#saving) clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.flush(), SAVE_PAUSE);
  };

  /** Saves the draft now if it waits to be saved. */
  flush(): void {
    if (!this.#saving) return;
    clearTimeout(this.#saving);
    this.#saving = null;
    // A failed save shows itself as a lost backend; the next change saves again.
    this.client.call('draft.save', { draft: this.#state.draft }).catch(() => undefined);
  }

  readonly go = (step: StepId): void => {
    this.#set({ page: 'steps' });
    this.change((draft) => goTo(draft, step));
  };

  /** Shows the servers of a cloud. */
  readonly showServers = (): void => this.#set({ page: 'servers' });

  /** Connects to the draft's host and checks it. Throws what the connection throws. */
  async connect(): Promise<void> {
    const spec = hostOf(this.#state.draft);
    if (!spec) return;
    this.#set({ host: null, probe: null });
    this.#set({ host: await this.client.call('host.connect', { host: spec }) });
    await this.check(spec, false);
  }

  async disconnect(): Promise<void> {
    const spec = hostOf(this.#state.draft);
    this.#set({ host: null, probe: null });
    if (spec) await this.client.call('host.disconnect', { host: spec });
  }

  /** Probes the host; `fresh` forgets remembered answers. */
  async check(host: HostSpec, fresh: boolean): Promise<void> {
    const cloudUrl = this.#state.cloud?.authUrl;
    const probe = await this.client.call('host.probe', { host, fresh, ...(cloudUrl ? { cloudUrl } : {}) });
    this.#set({ probe, probedCloud: cloudUrl ?? null });
  }

  /** Forgets the connection, because the admin chose another host. */
  forgetHost(): void {
    this.#set({ host: null, probe: null });
  }

  /** Starts the practice laboratory and fills the whole draft from its plan. */
  async practise(): Promise<void> {
    this.#set({ practice: practiceBegun(Date.now()) });
    try {
      const { host, plan } = await this.client.call('practice.start', {});
      this.change((draft) => ({
        ...draftOfPlan(blankDraft(draft), { ...plan, host }),
        practice: true,
        run: null,
      }));
    } finally {
      this.#set({ practice: null });
    }
    await this.connect();
  }

  /** Back to the first choice; with `stop` the laboratory ends, else it keeps running. */
  async leavePractice(stop: boolean): Promise<void> {
    if (stop) {
      await this.disconnect();
      await this.client.call('practice.stop', {});
    }
    this.#set({ host: null, probe: null, cloud: null, abilities: null });
    this.change((draft) => ({ ...draft, practice: false, hostKind: 'none', run: null }));
  }

  /** Starts the run, or goes on with it, until the last stage of `step`. Throws `plan.incomplete` when choices are missing. */
  async runUntil(step: StepId): Promise<void> {
    const until = lastStage(step);
    if (!until) return;
    const { draft } = this.#state;
    const { plan, problems } = planOf(draft);
    if (!plan) throw planError(problems as readonly PlanProblem[]);
    const run = draft.run
      ? await this.client.call('run.continue', { run: draft.run, plan, until })
      : await this.client.call('run.start', { plan, until });
    this.#set({ runs: upsert(this.#state.runs, run) });
    this.change((now) => ({ ...now, run: run.id }));
  }

  /** Shows an earlier build: its plan fills the draft; of the build that is shown already, what was chosen since stays. */
  openRun(run: RunView, step: StepId): void {
    this.#set({ page: 'steps', host: null, probe: null, cloud: null, abilities: null });
    this.change((draft) => {
      const base = draft.run === run.id ? draft : blankDraft(draft);
      return goTo({ ...draftOfPlan(base, run.plan), run: run.id }, step);
    });
  }

  async removeRun(run: string): Promise<readonly string[]> {
    const { cleaned } = await this.client.call('run.remove', { run });
    this.#set({ runs: this.#state.runs.filter(({ id }) => id !== run) });
    if (this.#state.draft.run === run) this.change((draft) => ({ ...draft, run: null }));
    return cleaned;
  }

  async loadJournal(run: string): Promise<void> {
    const lines = await this.client.call('run.journal', { run });
    this.#set({ journal: { ...this.#state.journal, [run]: lines.slice(-JOURNAL_LINES) } });
  }

  /** Keeps a typed secret in the backend; the draft holds only the reference that comes back. */
  async keep(name: string, value: string): Promise<string> {
    const { ref } = await this.client.call('secret.put', { name, value });
    this.#typed.set(ref, value);
    return ref;
  }

  /** A secret typed in this window; undefined after a restart. */
  typed(ref: string): string | undefined {
    return this.#typed.get(ref);
  }

  /** Signs in to the draft's cloud; `again` asks once more for what a passcode or a browser has just proven. */
  async signIn(again: boolean): Promise<void> {
    const cloud = cloudOf(this.#state.draft.cloud);
    if (!cloud) return;
    this.#set({ cloud: null, abilities: null });
    this.#set({ cloud: await this.client.call('cloud.check', { cloud, again }) });
  }

  /** Looks what the account may do; `mayTry` lets an empty image be made and deleted for it. */
  async test(mayTry: boolean): Promise<void> {
    const source = cloudOf(this.#state.draft.cloud);
    if (!source) return;
    const abilities = await this.client.call('cloud.abilities', { cloud: source, try: mayTry });
    const { cloud } = this.#state;
    // Somebody may have chosen another cloud meanwhile.
    if (cloud) this.#set({ abilities, cloud: { ...cloud, publicAllowed: abilities.publicImages } });
  }

  /** Forgets who is signed in, because the fields changed. */
  signOut(): void {
    if (this.#state.cloud) this.#set({ cloud: null, abilities: null });
  }

  async answer(id: string, answer: string[] | null): Promise<void> {
    this.#forgetQuestion(id);
    await this.client.call('question.answer', { id, answer });
  }

  #forgetQuestion(id: string): void {
    this.#set({ questions: this.#state.questions.filter((question) => question.id !== id) });
  }
}

function upsert<T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] {
  return list.some(({ id }) => id === item.id)
    ? list.map((old) => (old.id === item.id ? item : old))
    : [...list, item];
}
