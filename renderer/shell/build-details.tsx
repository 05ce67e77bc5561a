import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from '@fluentui/react-components';
import { ArrowDownloadRegular, DesktopRegular, DismissRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { STAGE_TITLES } from '../../shared/stages.ts';
import type { JournalLine, RunView } from '../../shared/views.ts';
import { download } from '../parts/download.ts';
import { ErrorCard } from '../parts/error-card.tsx';
import { visibleName } from '../parts/format.ts';
import { progressFigures } from '../parts/progress.tsx';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import { StageRow } from '../parts/stage-panel.tsx';
import { useAction, useApp, useModel } from '../state/app.tsx';
import { planFileName, runSentence, screenStep } from './run-words.ts';

const NOTHING: readonly JournalLine[] = [];

/** All stages of a build and its log. */
export function BuildDetails({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }) {
  const model = useModel();
  const lines = useApp(({ journal }) => journal[run.id] ?? NOTHING);
  const load = useAction(() => model.loadJournal(run.id));
  const save = useAction(async () => {
    const { plan } = run;
    const { yaml } = await model.client.call('plan.export', { plan });
    download(new Blob([yaml], { type: 'application/yaml' }), planFileName(plan.name));
  });
  const { run: loadNow } = load;
  useEffect(() => void loadNow(), [loadNow]);
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, data) => !data.open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button appearance="subtle" aria-label="Close" icon={<DismissRegular />} onClick={onClose} />
          }
        >
          {visibleName(run.plan.name)}
        </DrawerHeaderTitle>
        <p className="hint">{runSentence(run)}</p>
        <div className="row">
          {run.machine ? (
            <Button
              icon={<DesktopRegular />}
              onClick={() => {
                model.go(screenStep(run));
                onClose();
              }}
            >
              Open the screen
            </Button>
          ) : null}
          <Button
            icon={<ArrowDownloadRegular />}
            disabledFocusable={save.busy}
            onClick={() => void save.run()}
          >
            Save the plan
          </Button>
        </div>
        {save.error ? <ErrorCard error={save.error} /> : null}
      </DrawerHeader>
      <DrawerBody>
        <h3 className="drawer-title">Stages</h3>
        <ol className="stages">
          {run.stages.map((view) => (
            <StageRow key={view.id} view={view} active={run.active} />
          ))}
        </ol>
        <h3 className="drawer-title">Log</h3>
        {load.error ? <ErrorCard error={load.error} /> : null}
        <section className="log" aria-label="Log" {...SCROLL_REGION}>
          {lines.length === 0 ? <p className="hint">Nothing was written yet.</p> : null}
          {logLines(lines).map(({ key, line }) => (
            <p key={key} className={line.state === 'failed' ? 'log-line bad-text' : 'log-line'}>
              <time>{clock(line.at)}</time> {logText(line)}
            </p>
          ))}
        </section>
      </DrawerBody>
    </OverlayDrawer>
  );
}

/** The lines worth reading: of a row of progress only the newest, each with a key of its own. */
function logLines(lines: readonly JournalLine[]): { key: string; line: JournalLine }[] {
  return lines
    .map((line, index) => ({ key: `${index} ${line.at}`, line }))
    .filter(({ line }, index) => line.state !== 'progress' || lines[index + 1]?.state !== 'progress');
}

function clock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleTimeString();
}

/** One line of the journal as a person reads it. */
function logText(line: JournalLine): string {
  const where = line.stage ? `${STAGE_TITLES[line.stage]}: ` : '';
  const figures =
    line.done !== undefined && line.unit
      ? ` (${progressFigures({ done: line.done, total: line.total ?? null, unit: line.unit, rate: null, etaSeconds: null, message: '', lastActivity: line.at }).join(', ')})`
      : '';
  const words = line.error ? `${line.error.title}. ${line.error.whatHappened}` : (line.message ?? line.state);
  return visibleName(`${where}${words}${figures}`);
}
