import { Button, Field, Textarea } from '@fluentui/react-components';
import { DocumentCheckmarkRegular } from '@fluentui/react-icons';
import { type Check, type Inspection, objections } from '../../../shared/inspection.ts';
import type { RunView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { type Mark, StateIcon } from '../../parts/state-icon.tsx';
import { useAction, useDraft, useModel } from '../../state/app.tsx';

/** As the plan wants it. */
const FEWEST = 10;

const MARKS: Readonly<Record<Check['status'], Mark>> = {
  passed: 'done',
  failed: 'failed',
  warned: 'warned',
  unknown: 'unknown',
};
/** What needs the admin's eyes comes first. */
const ORDER: readonly Check['status'][] = ['failed', 'unknown', 'warned'];

/** What the look at the finished disk found, check by check, and the way past a bad one. */
export function InspectionCard({
  run,
  inspection,
}: {
  readonly run: RunView;
  readonly inspection: Inspection;
}) {
  const good = inspection.verdict === 'good';
  const windows = `${inspection.title ?? 'Windows'}${inspection.build === null ? '' : `, build ${inspection.build}`}`;
  const open = run.stages.some(({ id, state }) => id === 'inspect' && state === 'failed');
  const passed = inspection.checks.filter(({ status }) => status === 'passed');
  const telling = inspection.checks
    .filter(({ status }) => status !== 'passed')
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return (
    <Card
      title={good ? 'Proof: this disk is a good image' : 'Proof: this disk is not a good image yet'}
      hint={`${windows}. Read from the disk itself, without starting it.`}
      icon={<DocumentCheckmarkRegular />}
    >
      {telling.length > 0 ? <CheckList label="Checks that say something" checks={telling} /> : null}
      <details className="passed">
        <summary>
          {passed.length} of {inspection.checks.length} checks passed
        </summary>
        <CheckList label="Checks that passed" checks={passed} />
      </details>
      {open ? <Accept inspection={inspection} /> : null}
    </Card>
  );
}

function CheckList({ label, checks }: { readonly label: string; readonly checks: readonly Check[] }) {
  return (
    <ul className="findings" aria-label={label}>
      {checks.map((check) => (
        <CheckRow key={check.id} check={check} />
      ))}
    </ul>
  );
}

function CheckRow({ check }: { readonly check: Check }) {
  const { title, status, required, evidence, remedy } = check;
  return (
    <li className="finding">
      <StateIcon mark={MARKS[status]} />
      <div className="finding-body">
        <div className="finding-head">
          <strong>{title}</strong>
          {required || status === 'passed' ? null : <span className="finding-value">not essential</span>}
        </div>
        {remedy === '' ? null : <p>{remedy}</p>}
        <details className="evidence">
          <summary>What was read</summary>
          <p>{evidence}</p>
        </details>
      </div>
    </li>
  );
}

/** Words first, then the way past: they are what somebody reads who wonders about the image later. */
function Accept({ inspection }: { readonly inspection: Inspection }) {
  const model = useModel();
  const { acceptDisk } = useDraft();
  const go = useAction(() => model.runUntil('cloudbase-init'));
  const words = acceptDisk.trim();
  const count = objections(inspection).length;
  return (
    <div className="stack tight">
      <Field
        label="Use this disk all the same, because"
        hint={`At least ${FEWEST} characters. They go into the passport, together with the ${count === 1 ? 'check' : `${count} checks`} that failed.`}
      >
        <Textarea
          value={acceptDisk}
          maxLength={1000}
          resize="vertical"
          onChange={(_, data) =>
            model.change((draft) => ({ ...draft, acceptDisk: data.value.replace(/\s+/g, ' ') }))
          }
        />
      </Field>
      {go.error ? <ErrorCard error={go.error} /> : null}
      <div className="row">
        <Button disabledFocusable={words.length < FEWEST || go.busy} onClick={() => void go.run()}>
          Use this disk
        </Button>
      </div>
    </div>
  );
}
