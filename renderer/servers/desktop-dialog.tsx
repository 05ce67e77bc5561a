import { Button, Field, Input } from '@fluentui/react-components';
import { DesktopFields } from '../parts/desktop-fields.tsx';
import { PageDialog } from '../parts/page-dialog.tsx';
import { useDraft, useModel } from '../state/app.tsx';

/** How the desktops of all servers are opened; what is changed counts at once. */
export function DesktopDialog({ onClose }: { readonly onClose: () => void }) {
  const model = useModel();
  const { connect } = useDraft();
  return (
    <PageDialog
      title="Desktop options"
      className="wide-dialog"
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <Field label="Sign in as">
        <Input
          value={connect.user}
          spellCheck={false}
          onChange={(_, { value }) =>
            model.change((draft) => ({ ...draft, connect: { ...draft.connect, user: value } }))
          }
        />
      </Field>
      <DesktopFields />
    </PageDialog>
  );
}
