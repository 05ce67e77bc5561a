// A run on the terminal: bars that redraw themselves on a TTY, plain lines otherwise. Formatting is pure.
import { type Progress, STAGE_TITLES } from '../../shared/stages.ts';
import type { RunView, StageView } from '../../shared/views.ts';
import { visible } from '../host/faults.ts';

const BAR = 24;

/** A bar of `BAR` cells; empty while the total is unknown. */
export function bar(done: number, total: number | null): string {
  const part = total !== null && total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.round(part * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
}

/** Seconds as `1:02` or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What is known of a progress in one line: bar, percent, rate, time left, message. */
export function progressText(progress: Progress): string {
  const { done, total, unit, rate, etaSeconds, message } = progress;
  const parts: string[] = [];
  if (total !== null && total > 0) parts.push(bar(done, total), `${Math.floor((100 * done) / total)} %`);
  if (unit === 'bytes') parts.push(`${megabytes(done)}${total === null ? '' : ` of ${megabytes(total)}`} MB`);
  if (unit === 'bytes' && rate) parts.push(`${megabytes(rate)} MB/s`);
  if (etaSeconds !== null) parts.push(`${clock(etaSeconds)} left`);
  return [...parts, visible(message)].filter((part) => part !== '').join('  ');
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** One line of a stage as it is now, without anything that could steer a terminal; null when nothing is to be said. */
function stageLine(stage: StageView): string | null {
  const words = stageWords(stage);
  return words === null ? null : visible(words);
}

function stageWords(stage: StageView): string | null {
  const title = STAGE_TITLES[stage.id];
  const took =
    stage.startedAt && stage.endedAt
      ? ` (${clock((Date.parse(stage.endedAt) - Date.parse(stage.startedAt)) / 1000)})`
      : '';
  switch (stage.state) {
    case 'pending':
      return null;
    case 'started':
      return `…  ${title}${stage.progress ? `  ${progressText(stage.progress)}` : ''}`;
    case 'waiting':
      return `⏸  ${title}: ${stage.waitingFor ?? ''}${stage.progress ? `  ${progressText(stage.progress)}` : ''}`;
    case 'done':
      return `✔  ${title}${took}`;
    case 'skipped':
      return `–  ${title}: skipped. ${stage.outcome.Reason ?? ''}`;
    case 'failed':
      return `✘  ${title}: ${stage.error?.title ?? 'failed'}`;
  }
}

/** Shows a run while it changes. */
export interface RunScreen {
  show(view: RunView): void;
}

/** Writes to standard error's terminal in place, or a line a change where there is none. */
export function runScreen(out: NodeJS.WriteStream): RunScreen {
  return out.isTTY ? livingScreen(out) : plainScreen(out);
}

function plainScreen(out: NodeJS.WriteStream): RunScreen {
  const said = new Map<string, string>();
  return {
    show(view) {
      for (const stage of view.stages) {
        // Progress is for eyes in front of a terminal; a log wants the changes of state.
        const line = stageLine({ ...stage, progress: null });
        if (line === null || said.get(stage.id) === line) continue;
        said.set(stage.id, line);
        out.write(`${line}\n`);
      }
    },
  };
}

function livingScreen(out: NodeJS.WriteStream): RunScreen {
  let drawn = 0;
  return {
    show(view) {
      const width = Math.max(20, out.columns ?? 80);
      const lines = view.stages.map(stageLine).filter((line) => line !== null);
      // One row a line, cut to the width: only then is it known how far to go up.
      const text = lines.map((line) => `\x1b[2K${[...line].slice(0, width - 1).join('')}\n`).join('');
      out.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${text}`);
      drawn = lines.length;
    },
  };
}
