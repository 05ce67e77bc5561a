import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Field,
  Input,
  Select,
  Textarea,
} from '@fluentui/react-components';
import { AddRegular, DismissRegular } from '@fluentui/react-icons';
import { useId } from 'react';
import { KeptSecret } from '../../parts/kept-secret.tsx';
import { PathField } from '../../parts/path-field.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { type Draft, withSetup } from '../../state/draft.ts';
import { hostOf } from '../../state/draft-plan.ts';
import { accountOf } from '../../state/draft-setup.ts';

/** What only some builds want: a product key, scripts, updates, other settings of Cloudbase-Init. */
export function SetupMore() {
  const { setup } = useDraft();
  const used =
    setup.productKey !== '' ||
    setup.scripts.length > 0 ||
    setup.updates !== '' ||
    setup.settings !== '' ||
    setup.account !== 'Administrator';
  return (
    <Accordion collapsible defaultOpenItems={used ? ['more'] : []}>
      <AccordionItem value="more">
        <AccordionHeader>Product key, your own scripts, Windows updates, Cloudbase-Init</AccordionHeader>
        <AccordionPanel className="stack">
          <ProductKey />
          <Scripts />
          <Updates />
          <CloudbaseInit />
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

function ProductKey() {
  const model = useModel();
  const { setup } = useDraft();
  return (
    <KeptSecret
      label="Product key"
      hint="Only if your Windows needs one of its own. Without it Casement uses the public client key, and none on evaluation media."
      placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"
      name="product-key"
      kept={setup.productKey}
      tidy={(typed) => typed.trim()}
      onKept={(productKey) => model.change(withSetup({ productKey }))}
    />
  );
}

function Scripts() {
  const model = useModel();
  const { scripts } = useDraft().setup;
  const id = useId();
  const host = hostOf(useDraft());
  const change = (next: Draft['setup']['scripts']) => model.change(withSetup({ scripts: [...next] }));
  return (
    <fieldset className="plain stack tight" aria-describedby={id}>
      <legend>Your own scripts</legend>
      <p id={id} className="hint">
        .ps1 or .cmd files, run in this order inside of Windows before Sysprep. One that ends with an error
        stops the build.
      </p>
      {scripts.map(({ on, path }, index) => (
        // Two scripts may have the same path while they are typed: their place tells them apart.
        <div className="row fill" key={`${scripts.length}-${index.toString()}`}>
          <PathField
            label={`Script ${index + 1}`}
            name={`Script ${index + 1}`}
            value={path}
            host={on === 'host' && host ? host : { kind: 'local' }}
            extensions={['ps1', 'cmd', 'bat']}
            onChange={(value) => change(scripts.with(index, { on, path: value }))}
            {...(on === 'host' && path !== '' && !path.startsWith('/')
              ? { validationMessage: 'A path on the host begins with a slash.' }
              : {})}
          />
          <Select
            aria-label={`Where script ${index + 1} lies`}
            value={on}
            onChange={(_, { value }) =>
              change(scripts.with(index, { on: value === 'host' ? 'host' : 'workstation', path }))
            }
          >
            <option value="workstation">On this workstation</option>
            <option value="host">On the host</option>
          </Select>
          <Button
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={`Remove script ${index + 1}`}
            onClick={() => change(scripts.toSpliced(index, 1))}
          />
        </div>
      ))}
      <div>
        <Button icon={<AddRegular />} onClick={() => change([...scripts, { on: 'workstation', path: '' }])}>
          Add a script
        </Button>
      </div>
    </fieldset>
  );
}

function Updates() {
  const model = useModel();
  const { updates } = useDraft().setup;
  const wrong = updates !== '' && !updates.startsWith('/');
  return (
    <Field
      label="Folder with Windows updates"
      hint="On the KVM host, with .msu or .cab files. They are installed without a network."
      {...(wrong ? { validationMessage: 'Write the whole path, beginning with /.' } : {})}
    >
      <Input
        value={updates}
        spellCheck={false}
        onChange={(_, data) => model.change(withSetup({ updates: data.value.trim() }))}
      />
    </Field>
  );
}

function CloudbaseInit() {
  const model = useModel();
  const { account, settings } = useDraft().setup;
  return (
    <div className="grid two">
      <Field
        label="Account that gets the password"
        hint="Cloudbase-Init sets its password on every new server, and makes it where it is missing."
        {...(account.trim() === '' ? { validationMessage: 'Empty: Administrator.' } : {})}
      >
        <Input
          value={account}
          maxLength={255}
          spellCheck={false}
          onChange={(_, { value }) =>
            model.change((draft) => ({
              ...withSetup({ account: value })(draft),
              // Whoever signs in as the usual account goes on doing so.
              connect:
                draft.connect.user === accountOf(draft.setup)
                  ? { ...draft.connect, user: value.trim() || 'Administrator' }
                  : draft.connect,
            }))
          }
        />
      </Field>
      <Field
        label="Settings of Cloudbase-Init"
        hint="One name=value on each line for cloudbase-init.conf, in place of what Casement proposes."
      >
        <Textarea
          className="mono"
          resize="vertical"
          value={settings}
          spellCheck={false}
          onChange={(_, { value }) => model.change(withSetup({ settings: value }))}
        />
      </Field>
    </div>
  );
}
