import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Checkbox,
  Field,
  Input,
} from '@fluentui/react-components';
import { PathField } from '../../parts/path-field.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import type { Draft } from '../../state/draft.ts';

/** What only some hosts need: a key file, the agent, hosts on the way. */
export function HostMore({
  ssh,
  edit,
}: {
  readonly ssh: Draft['ssh'];
  readonly edit: (change: Partial<Draft['ssh']>) => void;
}) {
  const used = ssh.identity !== '' || ssh.jump.length > 0 || !ssh.agent || ssh.knownHosts !== '';
  return (
    <Accordion collapsible defaultOpenItems={used ? ['more'] : []}>
      <AccordionItem value="more">
        <AccordionHeader>Keys and hosts on the way</AccordionHeader>
        <AccordionPanel className="stack">
          <PathField
            label={explainedLabel('Private key file', 'keyFile')}
            name="Private key file"
            hint="Leave it empty to use the agent’s keys and those of ~/.ssh. If it is locked, you are asked for its passphrase."
            value={ssh.identity}
            host={{ kind: 'local' }}
            extensions={[]}
            onChange={(identity) => edit({ identity })}
          />
          <Checkbox
            label="Offer the keys of the SSH agent"
            checked={ssh.agent}
            onChange={(_, data) => edit({ agent: data.checked === true })}
          />
          <Field
            label={explainedLabel('Jump hosts', 'jump')}
            hint="In the order they are passed, separated by commas: user@gateway, user@inner:2222"
          >
            <Input
              value={ssh.jump.join(', ')}
              spellCheck={false}
              onChange={(_, data) => edit({ jump: data.value === '' ? [] : data.value.split(/,\s*/) })}
            />
          </Field>
          <Field label="Known hosts file" hint="Leave it empty to use Casement’s own and ~/.ssh/known_hosts.">
            <Input
              value={ssh.knownHosts}
              spellCheck={false}
              onChange={(_, data) => edit({ knownHosts: data.value })}
            />
          </Field>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
