import { Button, Spinner } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { ErrorCard } from '../../parts/error-card.tsx';
import { FINDING_MARKS, StateIcon } from '../../parts/state-icon.tsx';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import { hostOf } from '../../state/draft-plan.ts';
import { wayToCloud } from '../../state/way-to-cloud.ts';

/** Whether the host reaches the cloud that was signed in to, and so which way the image goes. */
export function WayToCloud() {
  const model = useModel();
  const spec = hostOf(useDraft());
  const url = useApp(({ cloud }) => cloud?.authUrl ?? null);
  const finding = useApp(wayToCloud);
  const ask = useAction(async (fresh: boolean) => {
    if (spec) await model.check(spec, fresh);
  });
  const { run } = ask;
  const open = url !== null && spec !== null && finding === null;
  useEffect(() => {
    if (open) void run(false);
  }, [open, run]);
  if (url === null || spec === null) return null;
  return (
    <section className="way-to-cloud" aria-label="Way to the cloud">
      {finding ? (
        <>
          <StateIcon mark={FINDING_MARKS[finding.status]} />
          <div className="finding-body">
            <div className="finding-head">
              <strong>{finding.title}</strong>
              <span className="finding-value">{finding.value}</span>
            </div>
            <p className="hint">{finding.meaning}</p>
          </div>
          <Button
            appearance="subtle"
            icon={<ArrowSyncRegular />}
            aria-label="Ask again for the way to the cloud"
            disabledFocusable={ask.busy}
            onClick={() => void run(true)}
          >
            Ask again
          </Button>
        </>
      ) : ask.busy ? (
        <Spinner
          size="tiny"
          labelPosition="after"
          label="The host is asked whether it reaches the cloud"
          role="status"
        />
      ) : null}
      {ask.error ? <ErrorCard error={ask.error} /> : null}
    </section>
  );
}
