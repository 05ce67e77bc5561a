// How the last step ended, in words that claim no more than was seen. Pure.
import { STAGE_TITLES } from '../../../shared/stages.ts';
import type { RunView, SessionView } from '../../../shared/views.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { formatDuration } from '../../parts/format.ts';
import type { Mark } from '../../parts/state-icon.tsx';

export interface Ending {
  /** Whether a login was really seen; otherwise the way ended without one. */
  readonly proven: boolean;
  readonly title: string;
  readonly sentences: readonly string[];
}

/** What the page says at the end of the way; null while the last stage is not over. `hidden`: nobody saw the desktop. */
export function endingOf(run: RunView, hidden: boolean): Ending | null {
  const connect = run.stages.find(({ id }) => id === 'connect');
  if (connect?.state === 'done')
    return {
      proven: true,
      title: 'Your image works',
      sentences: [
        published(run, connect.endedAt),
        `${running(run)}, and ${hidden ? 'Casement logged in to it on a screen nobody sees' : 'its desktop was opened'}.`,
      ],
    };
  if (connect?.state !== 'skipped') return null;
  const reason = connect.outcome.Reason ?? '';
  return {
    proven: false,
    title: 'The build is finished',
    sentences: [
      ...(isDone(run, 'publish') ? [published(run, connect.endedAt)] : []),
      ...(isDone(run, 'launch') ? [`${running(run)}.`] : []),
      `“${STAGE_TITLES.connect}” was left out, so nobody has seen yet that Windows lets you in.${reason ? ` ${reason}` : ''}`,
    ],
  };
}

function published({ plan, createdAt }: RunView, ended: string | null): string {
  const took = ended ? (Date.parse(ended) - Date.parse(createdAt)) / 1000 : null;
  const after = took === null ? '' : `, ${formatDuration(took)} after you began`;
  return `${windowsProduct(plan.windows).title} is in the cloud as the image “${plan.image?.name ?? plan.name}”${after}.`;
}

function running({ plan, address }: RunView): string {
  return `The server “${plan.server?.name ?? ''}” runs from it${address ? ` at ${address}` : ''}`;
}

function isDone(run: RunView, stage: string): boolean {
  return run.stages.some(({ id, state }) => id === stage && state === 'done');
}

const STATES: Readonly<Record<SessionView['state'], readonly [Mark, string]>> = {
  opening: ['running', 'Opening'],
  open: ['done', 'The desktop is open'],
  closed: ['skipped', 'Closed'],
  failed: ['failed', 'Failed'],
};

/** A session's state as mark and words. */
export function sessionWords({
  state,
  hidden,
}: Pick<SessionView, 'state' | 'hidden'>): readonly [Mark, string] {
  return hidden && state === 'open' ? ['done', 'Logged in on a screen nobody sees'] : STATES[state];
}

/** Whether the newest session of a server that came up is one that nobody can look at. */
export function lastIsHidden(sessions: readonly SessionView[]): boolean {
  return sessions.findLast(({ state }) => state === 'open' || state === 'closed')?.hidden ?? false;
}
