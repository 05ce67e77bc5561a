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
import { useApp } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';

const FILES = [
  {
    field: 'caFile',
    label: 'CA certificate file',
    hint: 'For a cloud with a certificate authority of its own.',
    extensions: ['pem', 'crt', 'cer'],
  },
  {
    field: 'certFile',
    label: 'Client certificate file',
    hint: 'Only for a cloud that wants to see a certificate of yours.',
    extensions: ['pem', 'crt', 'cer'],
  },
  {
    field: 'keyFile',
    label: 'Private key of the client certificate',
    hint: 'Empty: it stands in the same file.',
    extensions: ['pem', 'key'],
  },
] as const;

/** What only some clouds need: a region, a certificate authority of their own. */
export function CloudMore({
  cloud,
  edit,
}: {
  readonly cloud: Draft['cloud'];
  readonly edit: (change: Partial<Draft['cloud']>) => void;
}) {
  const regions = useApp((state) => state.cloud?.regions ?? null);
  return (
    <Accordion
      collapsible
      defaultOpenItems={cloud.region || cloud.caFile || cloud.certFile || !cloud.verify ? ['more'] : []}
    >
      <AccordionItem value="more">
        <AccordionHeader>Region and certificates</AccordionHeader>
        <AccordionPanel>
          <div className="grid two">
            <Field
              label={explainedLabel('Region', 'region')}
              hint={
                regions && regions.length > 0
                  ? `This cloud has: ${regions.join(', ')}`
                  : 'Empty: the only one, or the first.'
              }
            >
              <Input
                value={cloud.region}
                spellCheck={false}
                onChange={(_, data) => edit({ region: data.value })}
              />
            </Field>
            {FILES.map(({ field, label, hint, extensions }) => (
              <PathField
                key={field}
                label={label}
                name={label}
                hint={hint}
                host={{ kind: 'local' }}
                value={cloud[field]}
                extensions={extensions}
                onChange={(file) => edit({ [field]: file })}
              />
            ))}
            <Checkbox
              label="Do not check the certificate of the cloud (for a test only)"
              checked={!cloud.verify}
              onChange={(_, data) => edit({ verify: data.checked !== true })}
            />
          </div>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
