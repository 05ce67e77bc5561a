import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { useModel } from '../state/app.tsx';
import { newBuild } from '../state/draft.ts';

/** Says that a build already stands on these choices, and offers a new one. */
export function Settled() {
  const model = useModel();
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        This build has already used these choices, so they cannot change any more.
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={() => model.change(newBuild)}>
          Start a new build with them
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
