import { Button, Checkbox } from '@fluentui/react-components';
import { KeyboardRegular } from '@fluentui/react-icons';
import { coachSteps } from '../../shared/coach.ts';
import type { RunView } from '../../shared/views.ts';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import { useDraft, useModel } from '../state/app.tsx';
import { tick } from '../state/draft.ts';
import { LayoutField } from './layout-field.tsx';

/** The steps of the manual way beside the screen, to be ticked; texts are typed into the guest on request. */
export function Coach({
  run,
  phase,
  typing,
  onType,
}: {
  readonly run: RunView;
  readonly phase: 'install' | 'cloudbase-init';
  readonly typing: boolean;
  readonly onType: (text: string) => void;
}) {
  const model = useModel();
  const { ticks } = useDraft();
  const { windows, machine } = run.plan;
  const steps =
    coachSteps(windows, machine.diskBus, machine).find((part) => part.phase === phase)?.steps ?? [];
  const ticked = new Set(ticks[run.id] ?? []);
  const done = steps.filter(({ id }) => ticked.has(`${phase}/${id}`)).length;
  return (
    <section className="coach" aria-label="What to do on the screen">
      <div className="coach-head">
        <h2>What to do</h2>
        <span className="hint" role="status">
          {done} of {steps.length} done
        </span>
      </div>
      <ol className="coach-steps" {...SCROLL_REGION} aria-label="Steps on the screen">
        {steps.map(({ id, title, text, type }) => {
          const item = `${phase}/${id}`;
          const on = ticked.has(item);
          return (
            <li key={id} className={on ? 'coach-step ticked' : 'coach-step'}>
              <Checkbox
                label={title}
                checked={on}
                onChange={(_, data) =>
                  model.change((draft) => tick(draft, run.id, item, data.checked === true))
                }
              />
              <p>{text}</p>
              {(type ?? []).map((text) => (
                <div className="coach-type" key={text.label}>
                  <code>{text.text.trim()}</code>
                  <Button
                    size="small"
                    icon={<KeyboardRegular />}
                    disabledFocusable={typing}
                    aria-label={`Type it for me: ${text.label}`}
                    onClick={() => onType(text.text)}
                  >
                    Type it for me
                  </Button>
                </div>
              ))}
            </li>
          );
        })}
      </ol>
      <div className="coach-foot">
        <LayoutField />
      </div>
    </section>
  );
}
