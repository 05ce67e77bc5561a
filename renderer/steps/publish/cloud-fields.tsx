import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { CloudChoice } from '../../../shared/views.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { PathField } from '../../parts/path-field.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import { useAction, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';

interface Props {
  readonly cloud: Draft['cloud'];
  readonly edit: (change: Partial<Draft['cloud']>) => void;
}

/** The fields of the chosen way to sign in. */
export function CloudFields({
  cloud,
  edit,
  secret,
  setSecret,
}: Props & { readonly secret: string; readonly setSecret: (secret: string) => void }) {
  const kept = (ref: string) => (ref ? 'Kept from last time' : undefined);
  switch (cloud.kind) {
    case 'clouds.yaml':
      return <CloudsYaml cloud={cloud} edit={edit} />;
    case 'openrc':
      return (
        <div className="grid two">
          <PathField
            label={explainedLabel('openrc file', 'openrc')}
            name="openrc file"
            host={{ kind: 'local' }}
            value={cloud.openrc}
            extensions={[]}
            onChange={(openrc) => edit({ openrc })}
          />
          <SecretField
            label="Password"
            hint="Only when the file asks for it."
            value={secret}
            placeholder={kept(cloud.password)}
            onChange={setSecret}
          />
        </div>
      );
    case 'token':
      return (
        <div className="grid two">
          <AuthUrl cloud={cloud} edit={edit} />
          <SecretField
            label="Token"
            hint="From “openstack token issue”. It ends after some hours and cannot be renewed."
            value={secret}
            placeholder={kept(cloud.token)}
            onChange={setSecret}
          />
          <Scope cloud={cloud} edit={edit} />
        </div>
      );
    case 'websso':
      return (
        <div className="grid two">
          <AuthUrl cloud={cloud} edit={edit} />
          <Field label={explainedLabel('Protocol', 'federation')}>
            <Input
              value={cloud.protocol}
              spellCheck={false}
              onChange={(_, data) => edit({ protocol: data.value })}
            />
          </Field>
          <Field
            label="Identity provider"
            hint="As the operator names it. Empty: the only one of the protocol."
          >
            <Input
              value={cloud.identityProvider}
              spellCheck={false}
              onChange={(_, data) => edit({ identityProvider: data.value })}
            />
          </Field>
          <NumberField
            label="Port for the answer"
            hint="The browser brings the token to this computer. Keystone must trust http://localhost and this port."
            min={1}
            max={65535}
            value={cloud.redirectPort}
            onChange={(redirectPort) => edit({ redirectPort })}
          />
          <Scope cloud={cloud} edit={edit} />
        </div>
      );
    case 'totp':
      return (
        <div className="grid two">
          <AuthUrl cloud={cloud} edit={edit} />
          <User cloud={cloud} edit={edit} />
          <Scope cloud={cloud} edit={edit} />
        </div>
      );
    case 'password':
      return (
        <div className="grid two">
          <AuthUrl cloud={cloud} edit={edit} />
          <User cloud={cloud} edit={edit} />
          <SecretField
            label="Password"
            value={secret}
            placeholder={kept(cloud.password)}
            onChange={setSecret}
          />
          <Scope cloud={cloud} edit={edit} />
          <Checkbox
            label="A one-time passcode is asked for as well"
            checked={cloud.passcode}
            onChange={(_, data) => edit({ passcode: data.checked === true })}
          />
        </div>
      );
    case 'application-credential':
      return (
        <div className="grid two">
          <AuthUrl cloud={cloud} edit={edit} />
          <Field label={explainedLabel('Application credential ID', 'appCredential')}>
            <Input value={cloud.id} spellCheck={false} onChange={(_, data) => edit({ id: data.value })} />
          </Field>
          <SecretField
            label="Application credential secret"
            value={secret}
            placeholder={kept(cloud.secret)}
            onChange={setSecret}
          />
        </div>
      );
  }
}

function User({ cloud, edit }: Props) {
  return (
    <>
      <Field label="User name">
        <Input
          value={cloud.username}
          spellCheck={false}
          onChange={(_, data) => edit({ username: data.value })}
        />
      </Field>
      <Field label={explainedLabel('User domain', 'domain')}>
        <Input value={cloud.userDomain} onChange={(_, data) => edit({ userDomain: data.value })} />
      </Field>
    </>
  );
}

function Scope({ cloud, edit }: Props) {
  return (
    <>
      <Field label={explainedLabel('Project', 'project')} hint="Empty: your own, or the only one.">
        <Input
          value={cloud.project}
          spellCheck={false}
          onChange={(_, data) => edit({ project: data.value })}
        />
      </Field>
      <Field label="Project domain">
        <Input value={cloud.projectDomain} onChange={(_, data) => edit({ projectDomain: data.value })} />
      </Field>
    </>
  );
}

function AuthUrl({ cloud, edit }: Props) {
  return (
    <Field label="Sign-in address (auth URL)">
      <Input
        value={cloud.authUrl}
        placeholder="https://cloud.example.org:5000/v3"
        spellCheck={false}
        onChange={(_, data) => edit({ authUrl: data.value })}
      />
    </Field>
  );
}

function CloudsYaml({ cloud, edit }: Props) {
  const { client } = useModel();
  const [choices, setChoices] = useState<readonly CloudChoice[] | null>(null);
  const load = useAction(async () => {
    const found = await client.call('cloud.choices', {});
    setChoices(found);
    const own = found.find(({ chosen }) => chosen);
    // OS_CLOUD, or the only cloud there is, as OpenStack's own tools take it.
    if (own && !cloud.cloud && !cloud.file) edit({ cloud: own.cloud, file: own.file });
  });
  const { run } = load;
  useEffect(() => void run(), [run]);
  const known = choices?.some(
    (choice) => choice.cloud === cloud.cloud && (!cloud.file || choice.file === cloud.file),
  );
  const value = cloud.cloud ? JSON.stringify([cloud.cloud, cloud.file]) : '';
  return (
    <>
      {load.error ? <ErrorCard error={load.error} /> : null}
      <div className="grid two">
        <Field label={explainedLabel('Cloud', 'cloudsYaml')}>
          <Select
            value={value}
            onChange={(_, data) => {
              const [name, file] = data.value ? (JSON.parse(data.value) as [string, string]) : ['', ''];
              edit({ cloud: name, file });
            }}
          >
            <option value="">Choose a cloud</option>
            {value && !known ? <option value={value}>{cloud.cloud}</option> : null}
            {(choices ?? []).map((choice) => (
              <option key={`${choice.file} ${choice.cloud}`} value={optionOf(choice, cloud)}>
                {choiceTitle(choice)}
              </option>
            ))}
          </Select>
        </Field>
        <PathField
          label="clouds.yaml file"
          name="clouds.yaml file"
          hint={
            choices?.length === 0
              ? 'No clouds.yaml was found in the usual places (~/.config/openstack, /etc/openstack).'
              : 'Empty: where OpenStack looks for it.'
          }
          host={{ kind: 'local' }}
          value={cloud.file}
          extensions={['yaml', 'yml']}
          onChange={(file) => edit({ file })}
        />
        {choices !== null && (choices.length === 0 || (cloud.file && !known)) ? (
          <Field label="Name of the cloud in that file">
            <Input
              value={cloud.cloud}
              spellCheck={false}
              onChange={(_, data) => edit({ cloud: data.value })}
            />
          </Field>
        ) : null}
      </div>
    </>
  );
}

function choiceTitle({ cloud, file, authUrl, project, region }: CloudChoice): string {
  const place = [project, region].filter(Boolean).join(', ');
  return `${cloud}${place ? ` (${place})` : ''} – ${authUrl || 'no address'}${file ? `, ${file}` : ''}`;
}

/** A choice stays selected whether or not the draft names its file. */
function optionOf(choice: CloudChoice, cloud: Draft['cloud']): string {
  return JSON.stringify([choice.cloud, choice.cloud === cloud.cloud && !cloud.file ? '' : choice.file]);
}
