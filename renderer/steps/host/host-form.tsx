import { Button, Field, Input, Radio, RadioGroup } from '@fluentui/react-components';
import { DismissRegular, PlugConnectedRegular, PlugDisconnectedRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { hostOf } from '../../state/draft-plan.ts';
import { composeAddress, portProblem } from '../../state/host-address.ts';
import { HostMore } from './host-more.tsx';

export function HostForm({ locked }: { readonly locked: boolean }) {
  const model = useModel();
  const { hostKind, ssh } = useDraft();
  const host = useApp((state) => state.host);
  const platform = useApp(({ info }) => info?.platform);
  const [password, setPassword] = useState('');
  const connect = useAction(async () => {
    if (password) {
      const ref = await model.keep(`host ${composeAddress(ssh)}`, password);
      model.change((draft) => ({ ...draft, ssh: { ...draft.ssh, password: ref } }));
      setPassword('');
    }
    await model.connect();
  });
  const disconnect = useAction(() => model.disconnect());
  const cancel = useAction(() => model.disconnect());
  const edit = (change: Partial<Draft['ssh']>) => {
    model.forgetHost();
    model.change((draft) => ({ ...draft, ssh: { ...draft.ssh, ...change } }));
  };
  const problem = portProblem(ssh.port);
  const connected = host?.state === 'connected';
  const complete = hostOf({ hostKind, ssh }) !== null;

  return (
    <Card title="The KVM host" hint="Where the virtual machine runs while Windows is installed.">
      <fieldset
        className="plain"
        hidden={connected}
        disabled={locked || connect.busy}
        aria-label="The KVM host"
      >
        <Field label="Where is it?">
          <RadioGroup
            layout="horizontal"
            value={hostKind}
            disabled={locked}
            onChange={(_, data) => {
              model.forgetHost();
              model.change((draft) => ({ ...draft, hostKind: data.value === 'local' ? 'local' : 'ssh' }));
            }}
          >
            <Radio value="ssh" label="Another computer, over SSH" />
            <Radio value="local" label="This computer" disabled={platform !== 'linux'} />
          </RadioGroup>
        </Field>
        {hostKind === 'ssh' ? (
          <>
            <div className="grid three">
              <Field
                label="Address"
                hint="A name, an IP address, or a Host alias of ~/.ssh/config"
                className="span"
              >
                <Input
                  value={ssh.host}
                  placeholder="kvm.example.org"
                  spellCheck={false}
                  onChange={(_, data) => edit({ host: data.value })}
                />
              </Field>
              <Field label="User">
                <Input
                  value={ssh.user}
                  spellCheck={false}
                  onChange={(_, data) => edit({ user: data.value })}
                />
              </Field>
              <Field label="Port" {...(problem ? { validationMessage: problem } : {})}>
                <Input
                  value={ssh.port}
                  placeholder="22"
                  inputMode="numeric"
                  onChange={(_, data) => edit({ port: data.value })}
                />
              </Field>
            </div>
            <SecretField
              label="Password"
              value={password}
              onChange={setPassword}
              placeholder={ssh.password ? 'Kept from last time' : undefined}
              hint="Leave it empty to sign in with a key, or to be asked when the host wants one."
            />
            <HostMore ssh={ssh} edit={edit} />
          </>
        ) : null}
      </fieldset>
      {connect.error ? <ErrorCard error={connect.error} /> : null}
      {cancel.error ? <ErrorCard error={cancel.error} /> : null}
      {host?.error && !connect.busy ? <ErrorCard error={host.error} /> : null}
      <div className="row">
        {connected ? (
          <>
            <span className="good-text" role="status">
              Connected to {host.label}
            </span>
            <Button
              icon={<PlugDisconnectedRegular />}
              appearance="subtle"
              disabledFocusable={connect.busy}
              onClick={() => void disconnect.run()}
            >
              Disconnect
            </Button>
          </>
        ) : (
          <>
            <Button
              appearance="primary"
              icon={<PlugConnectedRegular />}
              disabledFocusable={!complete || connect.busy}
              onClick={() => void connect.run()}
            >
              {connect.busy ? 'Connecting…' : 'Connect'}
            </Button>
            {connect.busy ? (
              <Button
                icon={<DismissRegular />}
                disabledFocusable={cancel.busy}
                onClick={() => void cancel.run()}
              >
                Cancel
              </Button>
            ) : null}
          </>
        )}
        {host?.state === 'reconnecting' ? <span role="status">The line dropped; reconnecting…</span> : null}
        {!complete && !connected ? <span className="hint">Fill in the address first.</span> : null}
      </div>
    </Card>
  );
}
