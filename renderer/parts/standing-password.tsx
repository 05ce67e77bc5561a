import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import type { Action } from '../state/app.tsx';
import { ErrorCard } from './error-card.tsx';

/** Says that a chosen password stands in the metadata, and offers to take it out; says so once that is done. */
export function StandingPassword({
  forget,
  removed,
  signedIn,
}: {
  readonly forget: Action<[]>;
  readonly removed: boolean;
  /** Whether somebody has signed in with it since. */
  readonly signedIn: boolean;
}) {
  if (forget.error) return <ErrorCard error={forget.error} />;
  if (removed)
    return (
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          The password is out of the metadata. It stays the password of the server.
        </MessageBarBody>
      </MessageBar>
    );
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        {signedIn
          ? 'You have signed in: Windows knows the chosen password. It still stands in the metadata, where everybody in the project can read it, and is not needed there any more.'
          : 'The chosen password stands in the metadata, where everybody in the project can read it. Once you have signed in it is not needed there any more.'}
      </MessageBarBody>
      <MessageBarActions>
        <Button disabledFocusable={forget.busy} onClick={() => void forget.run()}>
          Remove the password from the metadata
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
