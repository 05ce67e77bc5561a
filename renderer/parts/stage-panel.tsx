// What a step's stages do: start, progress, waiting, failure, cancel. The same panel on every step that runs something.
import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { ArrowClockwiseRegular, DismissRegular, PlayRegular } from '@fluentui/react-icons';
import { type ReactNode, useState } from 'react';
import { STAGE_TITLES } from '../../shared/stages.ts';
import type { RunView, StageView } from '../../shared/views.ts';
import { useAction, useModel, useRun } from '../state/app.tsx';
import { isOver, stagesOf } from '../state/gating.ts';
import { STEP_INFO, type StepId } from '../state/steps.ts';
import { Card } from './card.tsx';
import { ErrorCard } from './error-card.tsx';
import { Outcome } from './outcome.tsx';
import { ProgressView } from './progress.tsx';
import { type Mark, StateIcon } from './state-icon.tsx';

export function StagePanel({
  step,
  title,
  startLabel,
  until = step,
  before,
  blocked,
  hint,
}: {
  readonly step: StepId;
  /** The step whose stages it runs to, where a later one needs nobody either. */
  readonly until?: StepId;
  readonly title: string;
  readonly startLabel: string;
  /** Done right before the run starts, e.g. keeping a typed password. */
  readonly before?: () => Promise<void>;
  /** Why it cannot start yet, as a sentence. */
  readonly blocked?: string | null;
  readonly hint?: ReactNode;
}) {
  const model = useModel();
  const run = useRun();
  const start = useAction(async () => {
    setCleaned(null);
    await before?.();
    await model.runUntil(until);
  });
  const [cleaned, setCleaned] = useState<readonly string[] | null>(null);
  const cancel = useAction(async () => {
    if (run) setCleaned((await model.client.call('run.cancel', { run: run.id })).cleaned);
  });
  const views = stagesOf(step, run);
  const over = views.length > 0 && views.every(isOver);
  const working = isWorking(run, views);
  const begun = views.some(({ state }) => state !== 'pending');
  const reason = blocked ?? earlier(step, run);
  const label = begun ? 'Continue the build' : startLabel;
  return (
    <Card title={title} hint={hint}>
      {begun || working ? (
        <ol className="stages">
          {views.map((view) => (
            <StageRow key={view.id} view={view} active={run?.active ?? false} />
          ))}
        </ol>
      ) : null}
      {start.error ? <ErrorCard error={start.error} /> : null}
      {cancel.error ? <ErrorCard error={cancel.error} /> : null}
      {cleaned && !working ? (
        <p role="status">
          {cleaned.length === 0
            ? 'Cancelled. There was nothing to clean up.'
            : `Cancelled. ${cleaned.join(' ')}`}
        </p>
      ) : null}
      {over ? null : (
        <div className="row">
          {working ? null : (
            <Button
              appearance="primary"
              icon={begun ? <ArrowClockwiseRegular /> : <PlayRegular />}
              disabledFocusable={start.busy || reason !== null}
              onClick={() => void start.run()}
            >
              {label}
            </Button>
          )}
          {!working && reason ? <span className="hint">{reason}</span> : null}
          {working ? (
            <Button
              icon={<DismissRegular />}
              disabledFocusable={cancel.busy}
              onClick={() => void cancel.run()}
            >
              {cancel.busy ? 'Cancelling…' : 'Cancel the build'}
            </Button>
          ) : null}
        </div>
      )}
    </Card>
  );
}

/** Whether one of these stages is being worked on now. */
export function isWorking(run: RunView | null, views: readonly StageView[]): boolean {
  if (!run?.active || (run.state !== 'running' && run.state !== 'waiting')) return false;
  return views.some(({ id }) => run.stages.some((stage) => stage.id === id && !isOver(stage)));
}

/** Why the stages of a step cannot begin: earlier ones are not over. */
function earlier(step: StepId, run: RunView | null): string | null {
  const first = STEP_INFO[step].stages[0];
  if (step === 'install') return null;
  if (!run) return 'Install Windows first.';
  const open = run.stages
    .slice(
      0,
      run.stages.findIndex(({ id }) => id === first),
    )
    .find((view) => !isOver(view));
  return open ? `First comes: ${STAGE_TITLES[open.id]}.` : null;
}

const MARKS: Readonly<Record<StageView['state'], Mark>> = {
  pending: 'todo',
  started: 'running',
  waiting: 'waiting',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

export function StageRow({ view, active }: { readonly view: StageView; readonly active: boolean }) {
  const stopped = !active && (view.state === 'started' || view.state === 'waiting');
  return (
    <li className="stage">
      <StateIcon mark={stopped ? 'todo' : MARKS[view.state]} />
      <div className="stage-body">
        <span className="stage-title">{STAGE_TITLES[view.id]}</span>
        {stopped ? <p className="hint">Stopped here. Continue the build to go on.</p> : null}
        {active && view.state === 'started' && view.progress ? (
          <ProgressView progress={view.progress} title={STAGE_TITLES[view.id]} />
        ) : null}
        {active && view.state === 'waiting' && view.waitingFor ? (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Your turn</MessageBarTitle> {view.waitingFor}
            </MessageBarBody>
          </MessageBar>
        ) : null}
        {view.error && view.state === 'failed' ? <ErrorCard error={view.error} /> : null}
        <Outcome values={view.outcome} />
      </div>
    </li>
  );
}
