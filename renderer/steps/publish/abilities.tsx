import { Button, Field, Select, Spinner } from '@fluentui/react-components';
import { BeakerRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { abilityWords } from '../../../shared/cloud-words.ts';
import type { CloudView } from '../../../shared/views.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import { useAction, useApp, useModel } from '../../state/app.tsx';

interface Props {
  readonly view: CloudView;
  readonly busy: boolean;
  readonly onProject: (project: string) => void;
  readonly onRegion: (region: string) => void;
}

/** What the account may do, and the other projects and regions it may go to. */
export function Abilities({ view, busy, onProject, onRegion }: Props) {
  const model = useModel();
  const abilities = useApp((state) => state.abilities);
  const look = useAction((mayTry: boolean) => model.test(mayTry));
  const { run } = look;
  useEffect(() => {
    if (abilities === null) void run(false);
  }, [abilities, run]);
  if (look.error) return <ErrorCard error={look.error} />;
  if (abilities === null)
    return (
      <Spinner size="tiny" labelPosition="after" label="Looking what this account may do" role="status" />
    );
  const untold = abilities.publicImages === null || abilities.communityImages === null;
  return (
    <section className="stack abilities" aria-label="What this account may do">
      <h3>What this account may do</h3>
      <Outcome values={Object.fromEntries(abilityWords(abilities))} />
      {untold ? (
        <div className="row">
          <Button icon={<BeakerRegular />} disabledFocusable={look.busy} onClick={() => void run(true)}>
            {look.busy ? 'Testing…' : 'Test it'}
          </Button>
          <span className="hint">
            Makes an empty, hidden image and deletes it at once: only that shows which images you may publish.
          </span>
        </div>
      ) : null}
      <div className="grid two">
        {abilities.projects.length > 1 && abilities.tied === null ? (
          <Field label={explainedLabel('Project', 'project')}>
            <Select value={abilities.project} disabled={busy} onChange={(_, data) => onProject(data.value)}>
              {abilities.projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        ) : null}
        {view.regions.length > 1 ? (
          <Field label={explainedLabel('Region', 'region')}>
            <Select value={view.region ?? ''} disabled={busy} onChange={(_, data) => onRegion(data.value)}>
              {view.region === null ? <option value="">The first</option> : null}
              {view.regions.map((region) => (
                <option key={region} value={region}>
                  {region}
                </option>
              ))}
            </Select>
          </Field>
        ) : null}
      </div>
      {abilities.tied ? <p className="hint">{abilities.tied}</p> : null}
    </section>
  );
}
