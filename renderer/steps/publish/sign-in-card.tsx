import { Button, Field, Radio, RadioGroup } from '@fluentui/react-components';
import { CloudRegular, PersonKeyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { cloudOf, projectField, SIGN_INS, secretField } from '../../state/draft-cloud.ts';
import { Abilities } from './abilities.tsx';
import { CloudFields } from './cloud-fields.tsx';
import { CloudMore } from './cloud-more.tsx';
import { ProjectChoice } from './project-choice.tsx';
import { SignedIn } from './signed-in.tsx';
import { WayToCloud } from './way-to-cloud.tsx';

const TITLES: Readonly<Record<Draft['cloud']['kind'], string>> = {
  'clouds.yaml': 'From clouds.yaml',
  openrc: 'From an openrc file',
  password: 'User name and password',
  'application-credential': 'Application credential',
  websso: 'With the browser (single sign-on)',
  totp: 'One-time passcode only',
  token: 'Token',
};

export function SignInCard({ locked }: { readonly locked: boolean }) {
  const model = useModel();
  const { cloud } = useDraft();
  const view = useApp((state) => state.cloud);
  const [secret, setSecret] = useState('');
  const field = secretField(cloud.kind);
  const edit = (change: Partial<Draft['cloud']>) => {
    // What was wrong with the other values says nothing about these.
    signIn.clear();
    enter.clear();
    model.signOut();
    model.change((draft) => ({ ...draft, cloud: { ...draft.cloud, ...change } }));
  };
  const signIn = useAction(async () => {
    if (secret && field) {
      const name = `${field} of cloud ${cloud.authUrl || cloud.openrc} ${cloud.username || cloud.id}`.trim();
      const ref = await model.keep(name, secret);
      edit({ [field]: ref });
      setSecret('');
    }
    await model.signIn(view !== null);
  });
  // What has just been proven is not asked again for another project or region.
  const enter = useAction(async (change: Partial<Draft['cloud']>) => {
    edit(change);
    await model.signIn(false);
  });
  const enterProject = (project: string) => {
    const into = projectField(cloud.kind);
    if (into) void enter.run({ [into]: project });
  };
  const busy = signIn.busy || enter.busy;
  const error = enter.error ?? signIn.error;
  const ready = cloudOf(secret && field ? { ...cloud, [field]: 'ask:typed' } : cloud) !== null;
  return (
    <Card
      title="Sign in to OpenStack"
      icon={<CloudRegular />}
      hint="With the account that may create images and servers in your project."
    >
      <fieldset className="plain" disabled={locked || busy} aria-label="Sign in to OpenStack">
        <Field label="How do you sign in?">
          <RadioGroup
            layout="horizontal"
            className="wrapping"
            value={cloud.kind}
            disabled={locked}
            onChange={(_, data) => {
              setSecret('');
              edit({ kind: data.value as Draft['cloud']['kind'] });
            }}
          >
            {SIGN_INS.map((kind) => (
              <Radio key={kind} value={kind} label={TITLES[kind]} />
            ))}
          </RadioGroup>
        </Field>
        <CloudFields cloud={cloud} edit={edit} secret={secret} setSecret={setSecret} />
        <CloudMore cloud={cloud} edit={edit} />
      </fieldset>
      {error ? <ErrorCard error={error} /> : null}
      {error && /^cloud\.(choose|unknown)-project$/.test(error.code) ? (
        <ProjectChoice key={error.whatHappened} busy={busy} onChoose={enterProject} />
      ) : null}
      {view ? <SignedIn view={view} /> : null}
      {view && !locked ? (
        <Abilities
          view={view}
          busy={busy}
          onProject={enterProject}
          onRegion={(region) => void enter.run({ region })}
        />
      ) : null}
      {view && !locked ? <WayToCloud key={view.authUrl} /> : null}
      {locked ? null : (
        <div className="row">
          <Button
            appearance={view ? 'secondary' : 'primary'}
            icon={<PersonKeyRegular />}
            disabledFocusable={!ready || busy}
            onClick={() => void signIn.run()}
          >
            {busy ? 'Signing in…' : view ? 'Sign in again' : 'Sign in'}
          </Button>
          {ready ? null : <span className="hint">Fill in the fields first.</span>}
        </div>
      )}
    </Card>
  );
}
