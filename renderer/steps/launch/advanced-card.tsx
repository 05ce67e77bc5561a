import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Field,
  Input,
  Select,
  Switch,
  Textarea,
} from '@fluentui/react-components';
import type { LaunchOptions } from '../../../shared/views-launch.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { UserDataField } from './user-data-field.tsx';

/** What few servers need: volume, zone, config drive, metadata, user data, tags. Folded. */
export function AdvancedCard({ options }: { readonly options: LaunchOptions | null }) {
  const model = useModel();
  const { server, sizeGB } = useDraft();
  const edit = (change: Partial<typeof server>) =>
    model.change((draft) => ({ ...draft, server: { ...draft.server, ...change } }));
  const volumes = options?.limits.volumesOffered ?? false;
  return (
    <Accordion collapsible className="card">
      <AccordionItem value="more">
        <AccordionHeader>More settings for the servers</AccordionHeader>
        <AccordionPanel className="stack">
          <div className="grid two">
            <Field
              label="Boot from"
              hint={
                volumes
                  ? 'A volume outlives the compute node and can be resized.'
                  : 'This cloud offers no volumes.'
              }
            >
              <Select
                value={server.volumeGB > 0 ? 'volume' : 'image'}
                onChange={(_, { value }) => edit({ volumeGB: value === 'volume' ? sizeGB : 0 })}
              >
                <option value="image">The disk of the flavor</option>
                <option value="volume" disabled={!volumes}>
                  A volume made of the image
                </option>
              </Select>
            </Field>
            {server.volumeGB > 0 ? (
              <NumberField
                label="Size of the volume (GB)"
                min={1}
                max={16384}
                value={server.volumeGB}
                onChange={(volumeGB) => edit({ volumeGB })}
              />
            ) : null}
            {server.volumeGB > 0 ? (
              <Field hint="Otherwise it is deleted with its server.">
                <Switch
                  label="Keep the volume when the server is deleted"
                  checked={server.volumeKeep}
                  onChange={(_, { checked }) => edit({ volumeKeep: checked })}
                />
              </Field>
            ) : null}
            <Field label="Availability zone">
              <Select value={server.zone} onChange={(_, { value }) => edit({ zone: value })}>
                <option value="">Any</option>
                {(options?.zones ?? []).map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </Select>
            </Field>
            <Field label="Tags" hint="Separated by commas.">
              <Input
                value={server.tags}
                spellCheck={false}
                onChange={(_, { value }) => edit({ tags: value })}
              />
            </Field>
          </div>
          <Field hint="Only with a chosen password: from a config drive Windows cannot report the one it makes.">
            <Switch
              label="Attach the metadata as a config drive"
              checked={server.configDrive}
              onChange={(_, { checked }) => edit({ configDrive: checked })}
            />
          </Field>
          <Field label="Metadata" hint="One key=value on each line. Everybody in the project can read it.">
            <Textarea
              value={server.metadata}
              spellCheck={false}
              onChange={(_, { value }) => edit({ metadata: value })}
            />
          </Field>
          <UserDataField server={server} edit={edit} />
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
