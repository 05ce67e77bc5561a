import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useState } from 'react';
import { ErrorCard } from '../../parts/error-card.tsx';
import { PageDialog } from '../../parts/page-dialog.tsx';
import { useAction, useModel } from '../../state/app.tsx';

/** Says that all this is practice, and leads out of it. */
export function PracticeBar() {
  const model = useModel();
  const [leaving, setLeaving] = useState(false);
  const leave = useAction((stop: boolean) => model.leavePractice(stop));
  return (
    <>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          You are practising: host, media and cloud are a laboratory on this computer, and every step is
          filled in. The laboratory keeps running until it is stopped.{' '}
          <Button size="small" onClick={() => setLeaving(true)}>
            Leave practice
          </Button>
        </MessageBarBody>
      </MessageBar>
      {leaving ? (
        <PageDialog
          title="Leave practice?"
          fluid
          onClose={() => {
            if (!leave.busy) setLeaving(false);
          }}
          actions={
            <>
              <Button disabledFocusable={leave.busy} onClick={() => setLeaving(false)}>
                Go on practising
              </Button>
              <Button disabledFocusable={leave.busy} onClick={() => void leave.run(false)}>
                Keep it running
              </Button>
              <Button
                appearance="primary"
                disabledFocusable={leave.busy}
                onClick={() => void leave.run(true)}
              >
                {leave.busy ? 'Stopping…' : 'Stop the laboratory'}
              </Button>
            </>
          }
        >
          <p>
            Stop the laboratory if you are done with it: its cloud and its host end, with everything that runs
            in them. Otherwise it keeps running on this computer, also after Casement is closed, and the next
            practice starts faster.
          </p>
          {leave.error ? <ErrorCard error={leave.error} /> : null}
        </PageDialog>
      ) : null}
    </>
  );
}
