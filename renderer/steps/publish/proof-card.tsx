import { Field, Select, Switch } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons';
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
        <Networks chosen={proof.network} choose={(network) => edit({ network })} />
      ) : null}
    </Card>
  );
}

/** Asked only where there is a choice. */
function Networks({
  chosen,
  choose,
}: {
  readonly chosen: string;
  readonly choose: (network: string) => void;
}) {
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
        {inside.map(({ id, name, subnets }) => (
          <option key={id} value={id}>
            {subnets.length > 0 ? `${name} (${subnets.join(', ')})` : name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
