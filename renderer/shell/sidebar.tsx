import { Spinner, Tooltip } from '@fluentui/react-components';
import {
  CheckmarkCircleFilled,
  CloudArrowUpRegular,
  DesktopFlowRegular,
  DesktopRegular,
  DesktopTowerRegular,
  ErrorCircleFilled,
  PersonClockRegular,
  RecordRegular,
  RocketRegular,
  ServerRegular,
  ShieldCheckmarkRegular,
  WindowRegular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useApp, useDraft, useModel, useSituation } from '../state/app.tsx';
import { type StepState, stepState } from '../state/gating.ts';
import { STEP_INFO, STEPS, type StepId } from '../state/steps.ts';

const ICONS: Readonly<Record<StepId, ReactElement>> = {
  host: <ServerRegular />,
  media: <RecordRegular />,
  machine: <DesktopTowerRegular />,
  install: <WindowRegular />,
  'cloudbase-init': <ShieldCheckmarkRegular />,
  publish: <CloudArrowUpRegular />,
  launch: <RocketRegular />,
  connect: <DesktopRegular />,
};

const STATE_TEXT: Readonly<Record<StepState, string>> = {
  todo: '',
  ready: 'begun',
  running: 'running',
  waiting: 'waiting for you',
  failed: 'failed',
  done: 'done',
};

/** The steps of the way; each can be looked at any time. */
export function Sidebar() {
  const model = useModel();
  const draft = useDraft();
  const servers = useApp((state) => state.page === 'servers');
  const current = servers ? null : draft.step;
  const situation = useSituation();
  return (
    <nav className="sidebar" aria-label="Steps">
      <ol>
        {STEPS.map((step, index) => {
          const state = stepState(step, situation);
          const { title } = STEP_INFO[step];
          return (
            <li key={step}>
              <Tooltip content={title} relationship="description" positioning="after" showDelay={700}>
                <button
                  type="button"
                  className={step === current ? 'step current' : 'step'}
                  aria-current={step === current ? 'step' : undefined}
                  onClick={() => model.go(step)}
                >
                  <span className="step-icon" aria-hidden>
                    {ICONS[step]}
                  </span>
                  <span className="step-title">
                    <span className="sr-only">{index + 1}. </span>
                    {title}
                  </span>
                  <span className="step-state" aria-hidden>
                    <StateMark state={state} />
                  </span>
                  {STATE_TEXT[state] ? <span className="sr-only">, {STATE_TEXT[state]}</span> : null}
                </button>
              </Tooltip>
            </li>
          );
        })}
      </ol>
      <div className="sidebar-more">
        <button
          type="button"
          className={servers ? 'step current' : 'step'}
          aria-current={servers ? 'page' : undefined}
          onClick={model.showServers}
        >
          <span className="step-icon" aria-hidden>
            <DesktopFlowRegular />
          </span>
          <span className="step-title">Servers</span>
        </button>
      </div>
    </nav>
  );
}

function StateMark({ state }: { readonly state: StepState }) {
  switch (state) {
    case 'done':
      return <CheckmarkCircleFilled className="mark good" />;
    case 'failed':
      return <ErrorCircleFilled className="mark bad" />;
    case 'waiting':
      return <PersonClockRegular className="mark brand" />;
    case 'running':
      return <Spinner size="extra-tiny" />;
    default:
      return null;
  }
}
