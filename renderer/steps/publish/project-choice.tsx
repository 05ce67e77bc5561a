import { Button, Field, Select, Spinner } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { ProjectView } from '../../../shared/views.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import { useAction, useDraft, useModel } from '../../state/app.tsx';
import { cloudOf } from '../../state/draft-cloud.ts';

/** Lets the admin choose among the projects of the account when the sign-in names none, or a wrong one. */
export function ProjectChoice({
  busy,
  onChoose,
}: {
  readonly busy: boolean;
  readonly onChoose: (project: string) => void;
}) {
  const { client } = useModel();
  const { cloud } = useDraft();
  const [projects, setProjects] = useState<readonly ProjectView[] | null>(null);
  const [chosen, setChosen] = useState('');
  const load = useAction(async () => {
    const source = cloudOf(cloud);
    if (source) setProjects(await client.call('cloud.projects', { cloud: source }));
  });
  const { run } = load;
  useEffect(() => void run(), [run]);
  if (load.error) return <ErrorCard error={load.error} />;
  if (projects === null)
    return <Spinner size="tiny" labelPosition="after" label="Looking for your projects" />;
  if (projects.length === 0) return null;
  return (
    <div className="row bottom">
      <Field label={explainedLabel('Project', 'project')}>
        <Select value={chosen} onChange={(_, data) => setChosen(data.value)}>
          <option value="">Choose a project</option>
          {projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Button disabledFocusable={!chosen || busy} onClick={() => onChoose(chosen)}>
        Sign in to this project
      </Button>
    </div>
  );
}
