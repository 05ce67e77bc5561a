// From journal lines to what a front shows. Pure: every prefix of a journal gives a valid view.
import type { Plan } from '../../shared/plan.ts';
import { type Progress, STAGES, type StageId } from '../../shared/stages.ts';
import type { JournalLine, RunState, RunView, StageView } from '../../shared/views.ts';
import type { Facts } from './types.ts';

/** Everything that follows from a journal: the facts for the engine, the rest for the eyes. */
export interface RunStatus {
  readonly createdAt: string;
  readonly state: RunState;
  readonly facts: Facts;
  /** Steps that a hands-free build has told, in words. */
  readonly told: readonly string[];
  readonly stages: Readonly<Record<StageId, StageView>>;
}

const emptyStage = (id: StageId): StageView => ({
  id,
  state: 'pending',
  startedAt: null,
  endedAt: null,
  progress: null,
  error: null,
  waitingFor: null,
  outcome: {},
});

/** The status before the first line. */
function emptyStatus(createdAt: string): RunStatus {
  const stages = Object.fromEntries(STAGES.map((id) => [id, emptyStage(id)])) as Record<StageId, StageView>;
  return { createdAt, state: 'ready', facts: {}, told: [], stages };
}

/** The status after one more line. */
export function reduce(before: RunStatus, line: JournalLine): RunStatus {
  const status = { ...before, told: toldAfter(before.told, line) };
  const facts = line.facts ? { ...status.facts, ...(line.facts as Facts) } : status.facts;
  if (line.stage === null) return { ...runLine(status, line), facts };
  if (!STAGES.includes(line.stage)) return { ...status, facts };
  const stages = { ...status.stages, [line.stage]: stageLine(status.stages[line.stage], line) };
  return { ...status, facts, stages, state: stateAfter(status.state, line) };
}

/** A phase that begins anew tells its steps anew. */
function toldAfter(
  told: readonly string[],
  { stage, state, facts, message = '' }: JournalLine,
): readonly string[] {
  if (stage === 'install' && state === 'started') return [];
  return facts?.buildStep === undefined ? told : [...told, message.replace(/\.$/, '')];
}

/** The status after all lines of a journal. */
export function reduceAll(createdAt: string, lines: readonly JournalLine[]): RunStatus {
  return lines.reduce(reduce, emptyStatus(lines[0]?.at ?? createdAt));
}

/** What a front shows. `active`: whether this process works on the run; `live`: progress newer than the journal's. */
export function toView(
  id: string,
  plan: Plan,
  status: RunStatus,
  active: boolean,
  live?: { readonly stage: StageId; readonly progress: Progress } | undefined,
): RunView {
  const stages = STAGES.map((stage) => {
    const view = status.stages[stage];
    const newer = live?.stage === stage && (view.state === 'started' || view.state === 'waiting');
    return newer ? { ...view, progress: live.progress } : view;
  });
  const { facts } = status;
  return {
    id,
    plan,
    createdAt: status.createdAt,
    state: status.state,
    active,
    until: facts.until ?? 'connect',
    stages,
    machine: (facts.machine ?? null) !== null,
    told: status.told,
    inspection: facts.inspection ?? null,
    imageId: facts.imageId ?? null,
    servers: facts.servers ?? [],
    serverId: facts.serverId ?? null,
    address: facts.address ?? null,
  };
}

function runLine(status: RunStatus, line: JournalLine): RunStatus {
  switch (line.state) {
    case 'started':
      return { ...status, state: 'running' };
    case 'done':
    case 'failed':
      return { ...status, state: line.state };
    case 'cancelled':
      return { ...status, state: 'cancelled', stages: interrupt(status.stages) };
    default:
      return status;
  }
}

// A cancelled stage will begin again: nothing of it may look under way.
function interrupt(stages: RunStatus['stages']): RunStatus['stages'] {
  return Object.fromEntries(
    STAGES.map((id) => {
      const begun = stages[id].state === 'started' || stages[id].state === 'waiting';
      return [id, begun ? emptyStage(id) : stages[id]];
    }),
  ) as Record<StageId, StageView>;
}

function stateAfter(before: RunState, line: JournalLine): RunState {
  switch (line.state) {
    case 'waiting':
      return 'waiting';
    case 'started':
    case 'done':
    case 'skipped':
      return 'running';
    case 'failed':
      return 'failed';
    default:
      return before;
  }
}

function stageLine(stage: StageView, line: JournalLine): StageView {
  switch (line.state) {
    case 'started':
      return { ...emptyStage(stage.id), state: 'started', startedAt: line.at };
    case 'progress':
      // A last report may be written after the end of its stage.
      return stage.state === 'started' || stage.state === 'waiting'
        ? { ...stage, progress: progressOf(line) }
        : stage;
    case 'waiting':
      return { ...stage, state: 'waiting', waitingFor: line.message ?? null };
    case 'done':
      return {
        ...stage,
        ...ended(line.at),
        state: 'done',
        startedAt: stage.startedAt ?? line.at,
        outcome: line.outcome ?? {},
      };
    case 'skipped':
      return { ...stage, ...ended(line.at), state: 'skipped', outcome: { Reason: line.message ?? '' } };
    case 'failed':
      return { ...stage, ...ended(line.at), state: 'failed', error: line.error ?? null };
    case 'cancelled':
      return emptyStage(stage.id);
    default:
      return stage;
  }
}

const ended = (at: string) => ({ endedAt: at, progress: null, error: null, waitingFor: null });

function progressOf(line: JournalLine): Progress {
  return {
    done: line.done ?? 0,
    total: line.total ?? null,
    unit: line.unit ?? 'steps',
    rate: null,
    etaSeconds: null,
    message: line.message ?? '',
    lastActivity: line.at,
  };
}
