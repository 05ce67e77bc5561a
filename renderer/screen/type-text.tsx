import { Button, Field, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { PageDialog } from '../parts/page-dialog.tsx';
import { LayoutField } from './layout-field.tsx';

/** Types a longer text into the guest, since there is no shared clipboard during Setup. */
export function TypeTextDialog({
  onType,
  onClose,
}: {
  readonly onType: (text: string) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  return (
    <PageDialog
      title="Type a text"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            appearance="primary"
            disabledFocusable={text === ''}
            onClick={() => {
              onType(text);
              onClose();
            }}
          >
            Type it
          </Button>
        </>
      }
    >
      <p className="hint">
        Casement presses the keys one by one, as if you typed them on the screen. A new line presses Enter.
      </p>
      <Field label="Text to type">
        <Textarea
          value={text}
          rows={4}
          spellCheck={false}
          autoFocus
          onChange={(_, data) => setText(data.value)}
        />
      </Field>
      <LayoutField />
    </PageDialog>
  );
}
