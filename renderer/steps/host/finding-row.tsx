import { Button } from '@fluentui/react-components';
import { DismissRegular, WrenchRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { HostSpec } from '../../../shared/plan.ts';
import type { Finding } from '../../../shared/views.ts';
import { CodeBox } from '../../parts/code-box.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { FINDING_MARKS, StateIcon } from '../../parts/state-icon.tsx';
import { useAction, useModel } from '../../state/app.tsx';

/** Output kept on the page; a package manager can be talkative. */
const KEPT = 20_000;

export function FindingRow({
  finding,
  host,
  sudo,
}: {
  readonly finding: Finding;
  readonly host: HostSpec;
  /** Whether commands of the administrator run without a password. */
  readonly sudo: boolean;
}) {
  const { client } = useModel();
  const model = useModel();
  const [output, setOutput] = useState('');
  const [password, setPassword] = useState('');
  const [exit, setExit] = useState<number | null>(null);
  const { id } = finding;
  useEffect(
    () =>
      client.on('host.output', (part) => {
        if (part.finding === id) setOutput((old) => (old + part.text).slice(-KEPT));
      }),
    [client, id],
  );
  const fix = useAction(async () => {
    setOutput('');
    setExit(null);
    setCancelled(false);
    const given = password ? { sudoPassword: password } : {};
    const { exitCode } = await client.call('host.fix', { host, finding: id, ...given });
    setPassword('');
    setExit(exitCode);
    if (exitCode === 0) await model.check(host, true);
  });
  const [cancelled, setCancelled] = useState(false);
  const cancel = useAction(async () => {
    await client.call('host.fix.cancel', { host, finding: id });
    setCancelled(true);
  });
  const needsPassword = !sudo && finding.fix?.includes('sudo');
  return (
    <li className="finding">
      <StateIcon mark={FINDING_MARKS[finding.status]} />
      <div className="finding-body">
        <div className="finding-head">
          <strong>{finding.title}</strong>
          <span className="finding-value">{finding.value}</span>
          {finding.status === 'failed' && !finding.required ? (
            <span className="hint">not essential</span>
          ) : null}
        </div>
        <p className="hint">{finding.meaning}</p>
        {finding.fix && finding.status !== 'passed' ? (
          <div className="stack">
            <CodeBox label={`Command that fixes: ${finding.title}`} text={finding.fix} />
            <div className="row">
              {needsPassword ? (
                <SecretField
                  label="Your password on the host (for sudo)"
                  value={password}
                  onChange={setPassword}
                />
              ) : null}
              <Button
                icon={<WrenchRegular />}
                aria-label={`${fix.busy ? 'Fixing…' : 'Fix it'}: ${finding.title}`}
                disabledFocusable={fix.busy || (needsPassword === true && password === '')}
                onClick={() => void fix.run()}
              >
                {fix.busy ? 'Fixing…' : 'Fix it'}
              </Button>
              {fix.busy ? (
                <Button
                  icon={<DismissRegular />}
                  aria-label={`${cancelled ? 'Cancelling…' : 'Cancel'} the fix: ${finding.title}`}
                  disabledFocusable={cancel.busy || cancelled}
                  onClick={() => void cancel.run()}
                >
                  {cancelled ? 'Cancelling…' : 'Cancel'}
                </Button>
              ) : null}
            </div>
          </div>
        ) : null}
        {output ? <CodeBox tall label={`Output of the fix of ${finding.title}`} text={output} /> : null}
        {exit !== null && exit !== 0 ? (
          <p role="status">The command ended with code {exit}. Its output above says why.</p>
        ) : null}
        {cancelled && !fix.busy && exit === null && !fix.error ? (
          <p role="status">The fix was cancelled. Check again to see how far it came.</p>
        ) : null}
        {fix.error ? <ErrorCard error={fix.error} /> : null}
        {cancel.error ? <ErrorCard error={cancel.error} /> : null}
      </div>
    </li>
  );
}
