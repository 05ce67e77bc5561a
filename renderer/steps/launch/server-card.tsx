import { ServerRegular } from '@fluentui/react-icons';
import type { RunView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { PasswordReveal } from './password-reveal.tsx';

/** The launched server: where it is and how to get in. */
export function ServerCard({ run }: { readonly run: RunView }) {
  return (
    <Card title="Your server" icon={<ServerRegular />}>
      <dl className="facts">
        <div>
          <dt>Name</dt>
          <dd>{run.plan.server?.name ?? run.serverId}</dd>
        </div>
        <div>
          <dt>Address</dt>
          <dd>
            {run.address ? (
              <span className="row nowrap">
                <code>{run.address}</code>
                <CopyButton text={run.address} size="small" appearance="subtle" label="Copy address" />
              </span>
            ) : (
              'not known yet'
            )}
          </dd>
        </div>
        <div>
          <dt>User</dt>
          <dd>{run.plan.connect?.user ?? run.plan.cloudbaseInit?.username ?? 'Administrator'}</dd>
        </div>
      </dl>
      <PasswordReveal run={run} />
    </Card>
  );
}
