import { Field, Input } from '@fluentui/react-components';
import { ServerRegular } from '@fluentui/react-icons';
import type { CloudSource } from '../../../shared/plan.ts';
import { MOST_SERVERS } from '../../../shared/plan-server.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { NetworksField } from './networks-field.tsx';
import { useLoaded } from './use-cloud.ts';

/** Names and networks of the servers. */
export function ServerNameCard({ cloud }: { readonly cloud: CloudSource }) {
  const model = useModel();
  const { server } = useDraft();
  const networks = useLoaded(() => model.client.call('cloud.networks', { cloud }));
  const edit = (change: Partial<typeof server>) =>
    model.change((draft) => ({ ...draft, server: { ...draft.server, ...change } }));
  return (
    <Card
      title="Server"
      icon={<ServerRegular />}
      hint="The name becomes the computer name inside Windows, cut to 15 characters."
    >
      {networks.error ? <ErrorCard error={networks.error} /> : null}
      <div className="grid two">
        <Field label="Server name">
          <Input
            value={server.name}
            maxLength={255}
            spellCheck={false}
            onChange={(_, data) => edit({ name: data.value })}
          />
        </Field>
        <NumberField
          label="How many"
          min={1}
          max={MOST_SERVERS}
          value={server.count}
          {...(server.count > 1
            ? {
                hint: `They are called ${server.name || 'name'}-1 to ${server.name || 'name'}-${server.count}.`,
              }
            : {})}
          onChange={(count) => edit({ count })}
        />
      </div>
      {networks.value || server.networks.length > 0 ? (
        <NetworksField
          offered={networks.value ?? []}
          chosen={server.networks}
          onChange={(chosen) => edit({ networks: chosen })}
        />
      ) : null}
    </Card>
  );
}
