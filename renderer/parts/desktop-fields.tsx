// How desktops look and which way leads to them: the same fields in the step "Connect" and on the page "Servers".
import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { desktopOptions } from '../../shared/plan-connect.ts';
import { useDraft, useModel } from '../state/app.tsx';
import type { ConnectDraft } from '../state/draft-connect.ts';
import { KeptSecret } from './kept-secret.tsx';
import { PathField } from './path-field.tsx';

const SIZES = ['', '1280x720', '1366x768', '1600x900', '1920x1080', '2560x1440'];

export function DesktopFields() {
  const model = useModel();
  const { connect } = useDraft();
  const edit = (change: Partial<ConnectDraft>) =>
    model.change((draft) => ({ ...draft, connect: { ...draft.connect, ...change } }));
  const sizes = SIZES.includes(connect.size) ? SIZES : [...SIZES, connect.size];
  return (
    <div className="stack">
      <div className="grid two">
        <Field label="Window">
          <Select
            value={connect.allMonitors ? 'all' : connect.fullScreen ? 'full' : connect.size}
            onChange={(_, { value }) =>
              edit({
                allMonitors: value === 'all',
                fullScreen: value === 'full',
                size: value === 'all' || value === 'full' ? '' : value,
              })
            }
          >
            {sizes.map((size) => (
              <option key={size} value={size}>
                {size ? size.replace('x', ' × ') : 'As the program chooses'}
              </option>
            ))}
            <option value="full">Full screen</option>
            <option value="all">Full screen on all monitors</option>
          </Select>
        </Field>
        <Field label="Sound">
          <Select
            value={connect.sound}
            onChange={(_, { value }) => edit({ sound: value as ConnectDraft['sound'] })}
          >
            <option value="off">Off</option>
            <option value="here">On this computer</option>
            <option value="server">On the server</option>
          </Select>
        </Field>
      </div>
      <Checkbox
        label="Share the clipboard"
        checked={connect.clipboard}
        onChange={(_, data) => edit({ clipboard: data.checked === true })}
      />
      <Field
        label="Folder of this computer that Windows shows as a drive"
        hint="Empty: none. Remote Desktop Connection (mstsc) shares the whole drive on which it lies."
      >
        <Input value={connect.drive} spellCheck={false} onChange={(_, { value }) => edit({ drive: value })} />
      </Field>
      <div className="grid two">
        <Field
          label="SSH host on the way"
          hint="For servers whose addresses cannot be reached from here. The KVM host and hosts of earlier builds are tried by themselves."
        >
          <Input
            value={connect.via}
            spellCheck={false}
            placeholder="ssh://admin@bastion"
            onChange={(_, { value }) => edit({ via: value })}
          />
        </Field>
        <PathField
          label="Private key file for it"
          name="Private key file for the SSH host"
          value={connect.viaIdentity}
          onChange={(viaIdentity) => edit({ viaIdentity })}
          host={{ kind: 'local' }}
          extensions={[]}
          hint="Empty: the SSH agent and the usual files."
        />
      </div>
      <div className="grid two">
        <Field
          label="Remote Desktop Gateway"
          hint="Only where your Windows admins run one."
          {...gatewayProblem(connect.gateway)}
        >
          <Input
            value={connect.gateway}
            spellCheck={false}
            placeholder="rdgw.example.com"
            onChange={(_, { value }) => edit({ gateway: value })}
          />
        </Field>
        <Field label="Account there" hint="Empty: the account of the server.">
          <Input
            value={connect.gatewayUser}
            spellCheck={false}
            placeholder="DOMAIN\name"
            onChange={(_, { value }) => edit({ gatewayUser: value })}
          />
        </Field>
        {connect.gateway.trim() === '' ? null : (
          <KeptSecret
            label="Password there"
            hint="Empty: the password of the server."
            name={`gateway ${connect.gateway.trim()}`}
            kept={connect.gatewayPassword}
            onKept={(gatewayPassword) => edit({ gatewayPassword })}
          />
        )}
      </div>
    </div>
  );
}

function gatewayProblem(address: string) {
  const typed = address.trim();
  return typed === '' || desktopOptions.safeParse({ gateway: { address: typed } }).success
    ? {}
    : { validationState: 'error' as const, validationMessage: 'Write a name, or name:port.' };
}
