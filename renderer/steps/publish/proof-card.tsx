import { Field, Select, Switch } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons';
import { windowsProduct } from '../../../shared/windows.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { cloudOf } from '../../state/draft-plan.ts';
import { useLoaded } from '../launch/use-cloud.ts';

/** Whether the uploaded image is proven by signing in to a throw-away server of it. */
export function ProofCard() {
  const model = useModel();
  const { proof } = useDraft();
  const signedIn = useApp(({ cloud }) => cloud !== null);
  const edit = (change: Partial<Draft['proof']>) =>
    model.change((now) => ({ ...now, proof: { ...now.proof, ...change } }));
  return (
    <Card
      title="Proof"
      icon={<ShieldCheckmarkRegular />}
      hint={
        <>
          After the upload Casement launches a throw-away <Explained term="server">server</Explained> from the
          image, waits for its password, signs in to its desktop and deletes the server. Only then is it
          certain that the image works.
        </>
      }
    >
      <Switch
        label="Prove the image by signing in"
        checked={proof.login}
        onChange={(_, data) => edit({ login: data.checked })}
      />
      {proof.login && signedIn ? (
        <div className="grid two">
          <Flavors chosen={proof.flavor} choose={(flavor) => edit({ flavor })} />
          <Networks chosen={proof.network} choose={(network) => edit({ network })} />
        </div>
      ) : null}
    </Card>
  );
}

interface Choice {
  /** Name or id; empty leaves it to Casement. */
  readonly chosen: string;
  readonly choose: (value: string) => void;
}

function Flavors({ chosen, choose }: Choice) {
  const model = useModel();
  const { cloud: source, sizeGB, windows } = useDraft();
  const cloud = cloudOf(source);
  const { value, error } = useLoaded(async () =>
    cloud
      ? await model.client.call('cloud.flavors', {
          cloud,
          minDiskGB: sizeGB,
          minRamMB: windowsProduct(windows).minRamMB,
        })
      : [],
  );
  const fitting = (value ?? []).filter(({ unfit }) => unfit === null);
  if (error) return <ErrorCard error={error} />;
  return (
    <Field label="Flavor of that server">
      <Select value={chosen} onChange={(_, data) => choose(data.value)}>
        <option value="">The smallest that fits</option>
        {chosen && !fitting.some(({ id }) => id === chosen) ? <option value={chosen}>{chosen}</option> : null}
        {fitting.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Asked only where there is a choice. */
function Networks({ chosen, choose }: Choice) {
  const model = useModel();
  const cloud = cloudOf(useDraft().cloud);
  const { value, error } = useLoaded(async () =>
    cloud ? await model.client.call('cloud.networks', { cloud }) : [],
  );
  const inside = (value ?? []).filter(({ external }) => !external);
  if (error) return <ErrorCard error={error} />;
  if (inside.length < 2 && chosen === '') return null;
  return (
    <Field label="Network of that server">
      <Select value={chosen} onChange={(_, data) => choose(data.value)}>
        <option value="">Chosen by Casement</option>
        {chosen && !inside.some(({ id }) => id === chosen) ? <option value={chosen}>{chosen}</option> : null}
        {inside.map(({ id, name, subnets }) => (
          <option key={id} value={id}>
            {subnets.length > 0 ? `${name} (${subnets.join(', ')})` : name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
