import { Button, Spinner } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import type { ProbeReport } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { formatBytes, formatMemory } from '../../parts/format.ts';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import { hostOf } from '../../state/draft-plan.ts';
import { FindingRow } from './finding-row.tsx';

/** What the host has and lacks, with the command that mends each lack. */
export function HostCheck() {
  const model = useModel();
  const probe = useApp((state) => state.probe);
  const draft = useDraft();
  const spec = hostOf(draft);
  const again = useAction(async () => {
    if (spec) await model.check(spec, true);
  });
  if (!spec) return null;
  return (
    <Card
      title="Host check"
      hint={probe ? sentence(probe) : 'What the host can do is being looked at.'}
      action={
        <Button icon={<ArrowSyncRegular />} disabledFocusable={again.busy} onClick={() => void again.run()}>
          Check again
        </Button>
      }
    >
      {again.error ? <ErrorCard error={again.error} /> : null}
      {!probe || again.busy ? <Spinner size="small" label="Checking the host" labelPosition="after" /> : null}
      {probe ? (
        <ul className="findings" aria-label="Findings">
          {probe.findings.map((finding) => (
            <FindingRow key={finding.id} finding={finding} host={spec} sudo={probe.sudo || probe.root} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function sentence(probe: ProbeReport): string {
  const { hostname, os, cores, memoryMB, freeBytes, durationMs } = probe;
  return `${hostname}: ${os.name}, ${cores} cores, ${formatMemory(Math.round(memoryMB / 1024) * 1024)} of memory, ${formatBytes(freeBytes)} free. Checked in ${(durationMs / 1000).toFixed(1)} s.`;
}
