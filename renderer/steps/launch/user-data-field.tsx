import { Field, Radio, RadioGroup, Textarea } from '@fluentui/react-components';
import { PathField } from '../../parts/path-field.tsx';
import type { Draft } from '../../state/draft.ts';

type ServerDraft = Draft['server'];

/** What Windows runs at its first start: written here, or read from a file at the launch. */
export function UserDataField({
  server,
  edit,
}: {
  readonly server: ServerDraft;
  readonly edit: (change: Partial<ServerDraft>) => void;
}) {
  return (
    <>
      <Field
        label="User data"
        hint="Runs at the first start. Begins with #ps1_sysnative for PowerShell or with #cloud-config. Never a secret."
      >
        <RadioGroup
          layout="horizontal"
          value={server.userDataFrom}
          onChange={(_, { value }) => edit({ userDataFrom: value === 'file' ? 'file' : 'text' })}
        >
          <Radio value="text" label="Written here" />
          <Radio value="file" label="A file of this workstation" />
        </RadioGroup>
      </Field>
      {server.userDataFrom === 'file' ? (
        <PathField
          label="User data file"
          name="User data file"
          hint="Read when the servers are launched."
          host={{ kind: 'local' }}
          value={server.userDataFile}
          extensions={[]}
          onChange={(userDataFile) => edit({ userDataFile })}
        />
      ) : (
        <Field label="Text of the user data">
          <Textarea
            className="mono"
            resize="vertical"
            value={server.userData}
            spellCheck={false}
            onChange={(_, { value }) => edit({ userData: value })}
          />
        </Field>
      )}
    </>
  );
}
