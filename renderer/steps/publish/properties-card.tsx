import {
  Button,
  Field,
  Input,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { AddRegular, DeleteRegular, TagMultipleRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { derivedProperties } from '../../../shared/image-properties.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { Card } from '../../parts/card.tsx';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel } from '../../state/app.tsx';

const MEANING: Readonly<Record<string, string>> = {
  os_type: 'Tells Nova that this is Windows: clock in local time, Hyper-V features on',
  os_distro: 'Which Windows, by its name in libosinfo',
  os_version: 'Its internal version number',
  os_admin_user: 'The account that gets the password',
  hw_disk_bus: 'The disk must be attached as it was during the installation',
  hw_scsi_model: 'The controller of that disk',
  hw_vif_model: 'The network card for which a driver was installed',
  hw_firmware_type: 'The firmware Windows was installed with',
  hw_machine_type: 'The mainboard Windows was installed on',
  min_disk: 'Smallest disk a server may have, in GB',
  min_ram: 'Smallest memory a server may have, in MB',
};

/** The properties the image will carry: derived ones, and those the admin adds or replaces. */
export function PropertiesCard() {
  const model = useModel();
  const { windows, machine, image, sizeGB } = useDraft();
  const own = image.properties;
  const rows: Record<string, string> = {
    ...derivedProperties({ windows, machine }),
    min_disk: String(sizeGB),
    min_ram: String(windowsProduct(windows).minRamMB),
    ...own,
  };
  const set = (properties: Record<string, string>) =>
    model.change((draft) => ({ ...draft, image: { ...draft.image, properties } }));
  return (
    <Card
      title="Properties"
      icon={<TagMultipleRegular />}
      hint={
        <>
          <Explained term="properties">Properties</Explained> are derived from your choices. They are right
          unless your cloud’s operator told you otherwise.
        </>
      }
    >
      <Table size="small" aria-label="Properties of the image">
        <TableHeader>
          <TableRow>
            <TableHeaderCell>Property</TableHeaderCell>
            <TableHeaderCell>Value</TableHeaderCell>
            <TableHeaderCell className="meaning">What it means</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {Object.entries(rows).map(([name, value]) => (
            <TableRow key={name}>
              <TableCell>
                <code>{name}</code>
              </TableCell>
              <TableCell>
                <code>{value}</code>
              </TableCell>
              <TableCell className="meaning">
                {name in own ? (
                  <Button
                    size="small"
                    appearance="subtle"
                    icon={<DeleteRegular />}
                    aria-label={`Remove ${name}`}
                    onClick={() =>
                      set(Object.fromEntries(Object.entries(own).filter(([key]) => key !== name)))
                    }
                  >
                    Set by you
                  </Button>
                ) : (
                  MEANING[name]
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <AddProperty onAdd={(name, value) => set({ ...own, [name]: value })} />
    </Card>
  );
}

function AddProperty({ onAdd }: { readonly onAdd: (name: string, value: string) => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const ready = name.trim() !== '' && value.trim() !== '';
  return (
    <div className="row bottom">
      <Field label="Property to add or replace" size="small">
        <Input size="small" value={name} spellCheck={false} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label="Its value" size="small">
        <Input size="small" value={value} spellCheck={false} onChange={(_, data) => setValue(data.value)} />
      </Field>
      <Button
        size="small"
        icon={<AddRegular />}
        disabledFocusable={!ready}
        onClick={() => {
          onAdd(name.trim(), value.trim());
          setName('');
          setValue('');
        }}
      >
        Set property
      </Button>
    </div>
  );
}
