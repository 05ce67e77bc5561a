import {
  Button,
  Checkbox,
  Field,
  Input,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import {
  AddRegular,
  ArrowUndoRegular,
  DeleteRegular,
  EditRegular,
  TagMultipleRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { propertyProblem, propertyValues } from '../../../shared/image-meta.ts';
import { minimumProblem } from '../../../shared/plan-image.ts';
import { Card } from '../../parts/card.tsx';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { canLeaveOut, type PropertyRow, propertyRows } from './property-rows.ts';

/** The properties the image will carry: derived ones, and those the admin adds, replaces or leaves out. */
export function PropertiesCard() {
  const model = useModel();
  const draft = useDraft();
  const { image, machine, sizeGB } = draft;
  const own = image.properties;
  const [edited, setEdited] = useState({ name: '', value: '' });
  const edit = (change: Partial<Draft['image']>) =>
    model.change((now) => ({ ...now, image: { ...now.image, ...change } }));
  const leave = (name: string, out: boolean) => {
    const others = image.without.filter((one) => one !== name);
    edit({ without: out ? [...others, name] : others });
  };
  const unset = (name: string) =>
    edit({ properties: Object.fromEntries(Object.entries(own).filter(([key]) => key !== name)) });
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
            <TableHeaderCell className="property-value">Value</TableHeaderCell>
            <TableHeaderCell className="row-actions">Change</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {propertyRows(draft).map((row) => (
            <TableRow key={row.name} className={row.state === 'left-out' ? 'left-out' : ''}>
              <TableCell className="property-name">
                <code>{row.name}</code>
                <p className="hint">
                  {row.state === 'left-out'
                    ? 'Left out by you'
                    : `${row.meaning}${row.state === 'own' ? ' (set by you)' : ''}`}
                </p>
              </TableCell>
              <TableCell className="property-value">
                <code>{row.value}</code>
              </TableCell>
              <TableCell className="row-actions">
                <RowActions row={row} onEdit={setEdited} onUnset={unset} onLeave={leave} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <SetProperty
        edited={edited}
        onEdit={setEdited}
        sizeGB={sizeGB}
        onSet={(name, value) =>
          edit({
            properties: { ...own, [name]: value },
            without: image.without.filter((one) => one !== name),
          })
        }
      />
      {machine.firmware === 'uefi' ? (
        <Checkbox
          label="Give every server a TPM 2.0 (only for clouds that have emulated TPMs: on others no server starts; Windows runs without)"
          checked={image.tpm}
          onChange={(_, data) => edit({ tpm: data.checked === true })}
        />
      ) : null}
    </Card>
  );
}

function RowActions({
  row: { name, value, state, replaces },
  onEdit,
  onUnset,
  onLeave,
}: {
  readonly row: PropertyRow;
  readonly onEdit: (row: { name: string; value: string }) => void;
  readonly onUnset: (name: string) => void;
  readonly onLeave: (name: string, out: boolean) => void;
}) {
  const button = (label: string, icon: React.JSX.Element, act: () => void) => (
    <Button size="small" appearance="subtle" icon={icon} aria-label={label} title={label} onClick={act} />
  );
  return (
    <span className="row-buttons">
      {state === 'left-out'
        ? button(`Bring back ${name}`, <ArrowUndoRegular />, () => onLeave(name, false))
        : button(`Change ${name}`, <EditRegular />, () => onEdit({ name, value }))}
      {state === 'own'
        ? button(
            replaces ? `Take the derived value of ${name} again` : `Remove ${name}`,
            replaces ? <ArrowUndoRegular /> : <DeleteRegular />,
            () => onUnset(name),
          )
        : null}
      {state === 'derived' && canLeaveOut(name)
        ? button(`Leave out ${name}`, <DeleteRegular />, () => onLeave(name, true))
        : null}
    </span>
  );
}

function SetProperty({
  edited,
  onEdit,
  onSet,
  sizeGB,
}: {
  readonly edited: { readonly name: string; readonly value: string };
  readonly onEdit: (edited: { name: string; value: string }) => void;
  readonly onSet: (name: string, value: string) => void;
  readonly sizeGB: number;
}) {
  const name = edited.name.trim();
  const value = edited.value.trim();
  const problem =
    name === '' || value === ''
      ? null
      : (propertyProblem(name, value) ?? minimumProblem({ properties: { [name]: value } }, sizeGB));
  const values = propertyValues(name);
  const ready = name !== '' && value !== '' && problem === null;
  return (
    <div className="row bottom">
      <Field label="Property to add or replace" size="small">
        <Input
          size="small"
          value={edited.name}
          spellCheck={false}
          onChange={(_, data) => onEdit({ ...edited, name: data.value })}
        />
      </Field>
      <Field
        label="Its value"
        size="small"
        {...(problem ? { validationMessage: `${problem}.` } : {})}
        {...(!problem && values.length > 0 ? { hint: `Nova takes: ${values.join(', ')}` } : {})}
      >
        <Input
          size="small"
          value={edited.value}
          spellCheck={false}
          onChange={(_, data) => onEdit({ ...edited, value: data.value })}
        />
      </Field>
      <Button
        size="small"
        icon={<AddRegular />}
        disabledFocusable={!ready}
        onClick={() => {
          onSet(name, value);
          onEdit({ name: '', value: '' });
        }}
      >
        Set property
      </Button>
    </div>
  );
}
