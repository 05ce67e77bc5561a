import { Button } from '@fluentui/react-components';
import { PageDialog } from './page-dialog.tsx';

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  title,
  text,
  accept,
  onClose,
}: {
  readonly title: string;
  readonly text: string;
  readonly accept: string;
  readonly onClose: (accepted: boolean) => void;
}) {
  return (
    <PageDialog
      title={title}
      alert
      onClose={() => onClose(false)}
      actions={
        <>
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button appearance="primary" onClick={() => onClose(true)}>
            {accept}
          </Button>
        </>
      }
    >
      {text}
    </PageDialog>
  );
}
