// Step 8: open the desktop; afterwards the page says what was made.
import { Button, Field, Input, MessageBar, MessageBarBody, Select, Switch } from '@fluentui/react-components';
import { DesktopRegular } from '@fluentui/react-icons';
import type { RdpClientView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { DesktopFields } from '../../parts/desktop-fields.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { newBuild } from '../../state/draft.ts';
import { isOver, stagesOf } from '../../state/gating.ts';
import { ForgetPassword } from '../launch/forget-password.tsx';
import { ServerCard } from '../launch/server-card.tsx';
import { useLoaded } from '../launch/use-cloud.ts';
import { CopyPassword } from './copy-password.tsx';
import { Done } from './done.tsx';
import { endingOf, lastIsHidden } from './ending.ts';
import { handing } from './handing.ts';
import { Sessions } from './sessions.tsx';

export function ConnectStep() {
  const model = useModel();
  const run = useRun();
  const views = stagesOf('connect', run);
  const over = views.length > 0 && views.every(isOver);
  const all = useApp((state) => state.sessions);
  const sessions = all.filter(({ server, address }) => server === run?.serverId || address === run?.address);
  const ending = run && endingOf(run, lastIsHidden(sessions));
  const clients = useLoaded(() => model.client.call('connect.clients', {}));
  const pasted = handing(useDraft().connect.client, clients.value ?? []) === 'pasted';
  return (
    <StepPage
      step="connect"
      busy={isWorking(run, views)}
      last={
        over ? (
          <Button
            appearance="primary"
            size="large"
            className="continue"
            onClick={() => model.change(newBuild)}
          >
            Start another build
          </Button>
        ) : null
      }
    >
      {run && ending ? <Done run={run} ending={ending} /> : null}
      <Card
        title="Remote Desktop"
        icon={<DesktopRegular />}
        hint={
          <>
            Casement opens an <Explained term="rdp">RDP</Explained> program of this workstation{' '}
            {pasted
              ? 'with the address and the user filled in. Windows App takes no password from outside: paste it when it asks.'
              : 'and hands it the password without showing it to anybody.'}
          </>
        }
      >
        {clients.error ? <ErrorCard error={clients.error} /> : null}
        {clients.value ? <Clients clients={clients.value} /> : null}
        <ConnectFields clients={clients.value ?? []} />
        <details className="more">
          <summary>Window, sound, drive, and the way to the server</summary>
          <DesktopFields />
        </details>
        {pasted && run?.serverId ? <CopyPassword run={run} /> : null}
      </Card>
      <StagePanel step="connect" title="Desktop" startLabel="Open the desktop" />
      {run ? (
        <Sessions
          run={run}
          sessions={sessions}
          openLabel={ending && run.serverId ? `Open the desktop${ending.proven ? ' again' : ''}` : null}
        />
      ) : null}
      {run && ending?.proven ? <ForgetPassword run={run} signedIn key={run.id} /> : null}
      {run?.serverId ? <ServerCard run={run} /> : null}
    </StepPage>
  );
}

function Clients({ clients }: { readonly clients: readonly RdpClientView[] }) {
  if (clients.length === 0)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          No RDP program was found on this workstation. Install FreeRDP (on Debian and Ubuntu: apt install
          freerdp3-x11 or freerdp2-x11), then come back to this step.
        </MessageBarBody>
      </MessageBar>
    );
  return (
    <ul className="plain-list" aria-label="Programs found">
      {clients.map(({ id, title, version, path }) => (
        <li key={id}>
          <strong>{title}</strong> {version} <span className="hint">{path}</span>
        </li>
      ))}
    </ul>
  );
}

function ConnectFields({ clients }: { readonly clients: readonly RdpClientView[] }) {
  const model = useModel();
  const { connect } = useDraft();
  const edit = (change: Partial<Draft['connect']>) =>
    model.change((draft) => ({ ...draft, connect: { ...draft.connect, ...change } }));
  return (
    <div className="grid two">
      <Field label="Program">
        <Select
          value={connect.client}
          onChange={(_, data) => edit({ client: data.value as Draft['connect']['client'] })}
        >
          <option value="auto">Automatic: the best one found</option>
          {clients.some(({ id }) => id === connect.client) || connect.client === 'auto' ? null : (
            <option value={connect.client}>{connect.client} (not found here)</option>
          )}
          {clients.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Sign in as">
        <Input value={connect.user} spellCheck={false} onChange={(_, data) => edit({ user: data.value })} />
      </Field>
      <Field hint="Off: this step is passed over, and the desktop is opened from the page Servers.">
        <Switch
          label="Open the desktop in this build"
          checked={connect.open}
          onChange={(_, { checked }) => edit({ open: checked })}
        />
      </Field>
    </div>
  );
}
