import { Field, Input } from '@fluentui/react-components';
import { ServerRegular } from '@fluentui/react-icons';
import { MOST_SERVERS } from '../../../shared/plan-server.ts';
import type { NetworkView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { NetworksField } from './networks-field.tsx';

/** Names and networks of the servers. */
export function ServerNameCard({ networks }: { readonly networks: readonly NetworkView[] | null }) {
  const model = useModel();
  const { server } = useDraft();
  const edit = (change: Partial<typeof server>) =>
    model.change((draft) => ({ ...draft, server: { ...draft.server, ...change } }));
  return (
    <Card
      title="Server"
      icon={<ServerRegular />}
      hint="The name becomes the computer name inside Windows, cut to 15 characters."
    >
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
                hint: `They are called ${short(server.name)}-1 to ${short(server.name)}-${server.count}.`,
              }
            : {})}
          onChange={(count) => edit({ count })}
        />
      </div>
      {networks || server.networks.length > 0 ? (
        <NetworksField
          offered={networks}
          chosen={server.networks}
          onChange={(chosen) => edit({ networks: chosen })}
        />
      ) : null}
    </Card>
  );
}

/** A name of which only the end of several matters here. */
function short(name: string): string {
  const shown = name.trim() || 'name';
  return shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
}
