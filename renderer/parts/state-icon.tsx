import { Spinner } from '@fluentui/react-components';
import {
  CheckmarkCircleFilled,
  CircleRegular,
  ErrorCircleFilled,
  PersonClockRegular,
  QuestionCircleRegular,
  SubtractCircleRegular,
  WarningFilled,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { Finding } from '../../shared/views.ts';

export type Mark = 'done' | 'running' | 'waiting' | 'failed' | 'warned' | 'skipped' | 'unknown' | 'todo';

const TEXT: Readonly<Record<Mark, string>> = {
  done: 'Done',
  running: 'Running',
  waiting: 'Waiting for you',
  failed: 'Failed',
  warned: 'Warning',
  skipped: 'Not needed',
  unknown: 'Not known',
  todo: 'Not started',
};

const ICON: Readonly<Record<Mark, ReactElement>> = {
  done: <CheckmarkCircleFilled className="mark good" />,
  running: <Spinner size="extra-tiny" className="mark" />,
  waiting: <PersonClockRegular className="mark brand" />,
  failed: <ErrorCircleFilled className="mark bad" />,
  warned: <WarningFilled className="mark warn" />,
  skipped: <SubtractCircleRegular className="mark quiet" />,
  unknown: <QuestionCircleRegular className="mark quiet" />,
  todo: <CircleRegular className="mark quiet" />,
};

/** The mark of a finding of the host check. */
export const FINDING_MARKS: Readonly<Record<Finding['status'], Mark>> = {
  passed: 'done',
  failed: 'failed',
  warned: 'warned',
  unknown: 'unknown',
};

/** A state as icon, with its word for those who do not see it. */
export function StateIcon({ mark }: { readonly mark: Mark }) {
  return (
    <span className="state-icon">
      <span aria-hidden>{ICON[mark]}</span>
      <span className="sr-only">{TEXT[mark]}</span>
    </span>
  );
}
