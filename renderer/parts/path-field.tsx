import { Button, Field, type FieldProps, Input } from '@fluentui/react-components';
import { FolderOpenRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { HostSpec } from '../../shared/plan.ts';
import { useApp, useModel } from '../state/app.tsx';
import { FileDialog } from './file-dialog.tsx';
import { folderOf } from './format.ts';

/** A path to a file, typed or browsed. On this workstation the desktop's own dialog comes first where there is one. */
export function PathField({
  label,
  name,
  value,
  onChange,
  host,
  extensions,
  placeholder,
  start,
  ...field
}: {
  readonly label: NonNullable<FieldProps['label']>;
  /** The label as plain words, for the dialog and the button. */
  readonly name: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly host: HostSpec;
  /** File endings without a dot; empty for any file. */
  readonly extensions: readonly string[];
  readonly placeholder?: string;
  /** Folder to begin with while the field is empty. */
  readonly start?: string;
} & Pick<FieldProps, 'hint' | 'required' | 'validationMessage' | 'validationState'>) {
  const { client } = useModel();
  const [open, setOpen] = useState(false);
  const onHost = host.kind !== 'local';
  const desktop = useApp(({ info }) => info?.front === 'electron') && !onHost;
  const browse = async () => {
    if (desktop) {
      const picked = await client.call('desktop.pickFile', { title: name, extensions: [...extensions] });
      if (picked.path) onChange(picked.path);
      if (picked.available) return;
    }
    setOpen(true);
  };
  return (
    <>
      <Field label={label} {...field}>
        <Input
          value={value}
          spellCheck={false}
          {...(placeholder ? { placeholder } : {})}
          onChange={(_, data) => onChange(data.value)}
          contentAfter={
            <Button
              size="small"
              appearance="transparent"
              icon={<FolderOpenRegular />}
              aria-label={`Browse for ${name}`}
              onClick={() => void browse()}
            >
              Browse
            </Button>
          }
        />
      </Field>
      {open ? (
        <FileDialog
          title={name}
          host={host}
          start={value.startsWith('/') ? folderOf(value) : (start ?? '/')}
          extensions={extensions}
          onClose={() => setOpen(false)}
          onPick={(path) => {
            setOpen(false);
            onChange(path);
          }}
        />
      ) : null}
    </>
  );
}
