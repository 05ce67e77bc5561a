import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { DesktopFields } from '../parts/desktop-fields.tsx';
import { useDraft, useModel } from '../state/app.tsx';

/** How the desktops of all servers are opened; what is changed counts at once. */
export function DesktopDialog({ onClose }: { readonly onClose: () => void }) {
  const model = useModel();
  const { connect } = useDraft();
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className="wide-dialog">
        <DialogBody>
          <DialogTitle>Desktop options</DialogTitle>
          <DialogContent className="stack">
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
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
