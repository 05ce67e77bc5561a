import { Button, Field, MessageBar, MessageBarBody, Radio, RadioGroup } from '@fluentui/react-components';
import { CloudRegular, PersonKeyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { CloudView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { formatTime } from '../../parts/format.ts';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { cloudOf } from '../../state/draft-plan.ts';
import { CloudFields } from './cloud-fields.tsx';
import { CloudMore } from './cloud-more.tsx';
import { WayToCloud } from './way-to-cloud.tsx';

const KINDS: readonly (readonly [Draft['cloud']['kind'], string])[] = [
  ['clouds.yaml', 'From clouds.yaml'],
  ['openrc', 'From an openrc file'],
  ['password', 'User name and password'],
  ['application-credential', 'Application credential'],
];

export function SignInCard({ locked }: { readonly locked: boolean }) {
  const model = useModel();
  const { cloud } = useDraft();
  const view = useApp((state) => state.cloud);
  const [secret, setSecret] = useState('');
  const field = cloud.kind === 'application-credential' ? 'secret' : 'password';
  const edit = (change: Partial<Draft['cloud']>) => {
    model.signOut();
    model.change((draft) => ({ ...draft, cloud: { ...draft.cloud, ...change } }));
  };
  const signIn = useAction(async () => {
    if (secret) {
      const name = `cloud ${cloud.authUrl || cloud.openrc} ${cloud.username || cloud.id}`.trim();
      const ref = await model.keep(name, secret);
      edit({ [field]: ref });
      setSecret('');
    }
    await model.signIn();
  });
  const ready = cloudOf(secret ? { ...cloud, [field]: 'ask:typed' } : cloud) !== null;
  return (
    <Card
      title="Sign in to OpenStack"
      icon={<CloudRegular />}
      hint="With the account that may create images and servers in your project."
    >
      <fieldset className="plain" disabled={locked || signIn.busy} aria-label="Sign in to OpenStack">
        <Field label="How do you sign in?">
          <RadioGroup
            layout="horizontal"
            value={cloud.kind}
            disabled={locked}
            onChange={(_, data) => edit({ kind: data.value as Draft['cloud']['kind'] })}
          >
            {KINDS.map(([kind, label]) => (
              <Radio key={kind} value={kind} label={label} />
            ))}
          </RadioGroup>
        </Field>
        <CloudFields cloud={cloud} edit={edit} secret={secret} setSecret={setSecret} />
        <CloudMore cloud={cloud} edit={edit} />
      </fieldset>
      {signIn.error ? <ErrorCard error={signIn.error} /> : null}
      {view ? <SignedIn view={view} /> : null}
      {view && !locked ? <WayToCloud key={view.authUrl} /> : null}
      {locked ? null : (
        <div className="row">
          <Button
            appearance={view ? 'secondary' : 'primary'}
            icon={<PersonKeyRegular />}
            disabledFocusable={!ready || signIn.busy}
            onClick={() => void signIn.run()}
          >
            {signIn.busy ? 'Signing in…' : view ? 'Sign in again' : 'Sign in'}
          </Button>
          {ready ? null : <span className="hint">Fill in the fields first.</span>}
        </div>
      )}
    </Card>
  );
}

function SignedIn({ view }: { readonly view: CloudView }) {
  const roles = view.roles.length > 0 ? ` (roles: ${view.roles.join(', ')})` : '';
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        Signed in as <b>{view.user}</b> in project <b>{view.project}</b>
        {view.region ? (
          <>
            , region <b>{view.region}</b>
          </>
        ) : null}
        {roles}. The sign-in lasts until {formatTime(view.tokenExpires)} and is renewed by itself.
      </MessageBarBody>
    </MessageBar>
  );
}
