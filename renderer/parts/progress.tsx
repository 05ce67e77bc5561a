import { ProgressBar } from '@fluentui/react-components';
import type { Progress } from '../../shared/stages.ts';
import { formatAgo, formatBytes, formatDuration } from './format.ts';
import { useNow } from './use-now.ts';

/** How far a long work is: bar, amounts, rate, time left and last sign of life. */
export function ProgressView({ progress, title }: { readonly progress: Progress; readonly title: string }) {
  const now = useNow(true);
  const { done, total, message, lastActivity } = progress;
  const known = total !== null && total > 0;
  return (
    <div className="progress">
      <ProgressBar
        aria-label={title}
        thickness="large"
        {...(known ? { value: Math.min(1, done / total) } : {})}
      />
      <p aria-live="polite">{message}</p>
      <p className="hint figures">
        {progressFigures(progress).map((figure) => (
          <span key={figure}>{figure}</span>
        ))}
        <span>last activity {formatAgo(lastActivity, now)}</span>
      </p>
    </div>
  );
}

/** The figures of a progress, each a few words. */
export function progressFigures({ done, total, unit, rate, etaSeconds }: Progress): string[] {
  const figures: string[] = [];
  if (unit === 'bytes') {
    figures.push(total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`);
    if (rate !== null) figures.push(`${formatBytes(rate)}/s`);
  } else if (unit === 'percent') figures.push(`${Math.round(done)} %`);
  else figures.push(total === null ? `step ${done}` : `step ${done} of ${total}`);
  if (etaSeconds !== null) figures.push(`about ${formatDuration(etaSeconds)} left`);
  return figures;
}
