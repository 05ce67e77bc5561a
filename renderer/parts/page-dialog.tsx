import {
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { SCROLL_REGION } from './scroll-region.ts';

/** A dialog over the page: title, content, buttons. As long as it is there it is open. */
export function PageDialog({
  title,
  className,
  content = 'stack',
  scrolls = false,
  alert = false,
  fluid = false,
  actions,
  onClose,
  onSubmit,
  children,
}: {
  readonly title: ReactNode;
  readonly className?: string;
  /** Class of the content. */
  readonly content?: string;
  /** The content is long and has no controls: keyboards must reach it to scroll it. */
  readonly scrolls?: boolean;
  /** It wants an answer: a click beside it does not close it. */
  readonly alert?: boolean;
  /** Long buttons share the whole width. */
  readonly fluid?: boolean;
  readonly actions: ReactNode;
  readonly onClose: () => void;
  /** Makes it a form. */
  readonly onSubmit?: () => void;
  readonly children: ReactNode;
}) {
  const body = (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent className={content} {...(scrolls ? SCROLL_REGION : {})}>
        {children}
      </DialogContent>
      <DialogActions fluid={fluid}>{actions}</DialogActions>
    </DialogBody>
  );
  return (
    <Dialog
      open
      modalType={alert ? 'alert' : 'modal'}
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface {...(className === undefined ? {} : { className })}>
        {onSubmit ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              onSubmit();
            }}
          >
            {body}
          </form>
        ) : (
          body
        )}
      </DialogSurface>
    </Dialog>
  );
}
