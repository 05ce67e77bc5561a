import { Field, Input, MessageBar, MessageBarBody, Select } from '@fluentui/react-components';
import { ShieldKeyholeRegular } from '@fluentui/react-icons';
import type { NetworkView } from '../../../shared/views.ts';
import type { LaunchOptions, SecurityGroupView } from '../../../shared/views-launch.ts';
import { Card } from '../../parts/card.tsx';
import { useDraft, useModel } from '../../state/app.tsx';

const NEW = 'new group';
const EVERYBODY = /^(0\.0\.0\.0|::)\/0$/;

/** Who may reach the desktop: security group, and a floating IP where the network needs one. */
export function ReachCard({
  options,
  networks,
}: {
  readonly options: LaunchOptions | null;
  readonly networks: readonly NetworkView[];
}) {
  const model = useModel();
  const { server } = useDraft();
  const edit = (change: Partial<typeof server>) =>
    model.change((draft) => ({ ...draft, server: { ...draft.server, ...change } }));
  const groups = options?.securityGroups ?? [];
  const chosen = groups.find(
    ({ id, name }) => id === server.securityGroup || name === (server.securityGroup || 'default'),
  );
  const own = networks.filter(({ external }) => !external);
  const [main] = server.networks;
  const network = networks.find(({ id, name }) => id === main || name === main) ?? own[0];
  const pools = networks.filter(({ external, id }) => external && id === network?.gateway);
  const needed = pools.length > 0 && network !== undefined && !network.shared && !network.external;
  return (
    <Card
      title="Who may connect"
      icon={<ShieldKeyholeRegular />}
      hint="A security group is the cloud’s firewall. Remote Desktop needs TCP port 3389 open to you."
    >
      <div className="grid two">
        <Field
          label="Security group"
          {...(server.allowFrom === null && chosen
            ? {
                hint: reachWords(chosen),
              }
            : {})}
        >
          <Select
            value={server.allowFrom === null ? server.securityGroup : NEW}
            onChange={(_, { value }) =>
              edit(
                value === NEW
                  ? { allowFrom: server.allowFrom ?? options?.ownAddress ?? '' }
                  : { allowFrom: null, securityGroup: value },
              )
            }
          >
            <option value="">default (of the project)</option>
            <option value={NEW}>Make a new one that lets me in</option>
            {server.securityGroup && !chosen ? (
              <option value={server.securityGroup}>{server.securityGroup}</option>
            ) : null}
            {groups
              .filter(({ name }) => name !== 'default')
              .map(({ id, name, rdpFrom }) => (
                <option key={id} value={server.securityGroup === name ? name : id}>
                  {name}
                  {rdpFrom.length > 0 ? '' : ' (keeps Remote Desktop closed)'}
                </option>
              ))}
          </Select>
        </Field>
        {server.allowFrom === null ? null : (
          <Field
            label="Let in from"
            hint="Address range. Proposed: this computer. Behind NAT the cloud sees another address."
          >
            <Input
              value={server.allowFrom}
              placeholder="198.51.100.7/32"
              spellCheck={false}
              onChange={(_, { value }) => edit({ allowFrom: value })}
            />
          </Field>
        )}
        {needed || server.floatingIp !== 'auto' ? (
          <Field
            label="Floating IP"
            hint="An address by which the server is reached from outside its own network."
          >
            <Select value={server.floatingIp} onChange={(_, { value }) => edit({ floatingIp: value })}>
              <option value="auto">
                {options?.freeFloatingIps.some(({ network: pool }) => pools.some(({ id }) => id === pool))
                  ? 'Use a free one of the project'
                  : `Take one${pools[0] ? ` from ${pools[0].name}` : ''}`}
              </option>
              <option value="none">None: I reach the network myself, or through a tunnel</option>
              {server.floatingIp !== 'auto' && server.floatingIp !== 'none' ? (
                <option value={server.floatingIp}>{server.floatingIp}</option>
              ) : null}
            </Select>
          </Field>
        ) : null}
      </div>
      {server.allowFrom !== null && EVERYBODY.test(server.allowFrom.trim()) ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            This lets the whole internet try passwords. Name the range that you connect from.
          </MessageBarBody>
        </MessageBar>
      ) : null}
    </Card>
  );
}

function reachWords({ rdpFrom, rdpFromGroups }: SecurityGroupView): string {
  if (rdpFrom.some((range) => EVERYBODY.test(range))) return 'Lets Remote Desktop in from everywhere.';
  if (rdpFrom.length > 0) return `Lets Remote Desktop in from ${rdpFrom.join(', ')}.`;
  return rdpFromGroups
    ? 'Lets Remote Desktop in only from servers of a security group.'
    : 'Keeps Remote Desktop closed: choose another, or make a new one.';
}
