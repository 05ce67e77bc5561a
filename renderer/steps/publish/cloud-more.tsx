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
            <PathField
              label="CA certificate file"
              name="CA certificate file"
              hint="For a cloud with a certificate authority of its own."
              host={{ kind: 'local' }}
              value={cloud.caFile}
              extensions={['pem', 'crt', 'cer']}
              onChange={(caFile) => edit({ caFile })}
            />
            <PathField
              label="Client certificate file"
              name="Client certificate file"
              hint="Only for a cloud that wants to see a certificate of yours."
              host={{ kind: 'local' }}
              value={cloud.certFile}
              extensions={['pem', 'crt', 'cer']}
              onChange={(certFile) => edit({ certFile })}
            />
            <PathField
              label="Private key of the client certificate"
              name="Private key of the client certificate"
              hint="Empty: it stands in the same file."
              host={{ kind: 'local' }}
              value={cloud.keyFile}
              extensions={['pem', 'key']}
              onChange={(keyFile) => edit({ keyFile })}
            />
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
