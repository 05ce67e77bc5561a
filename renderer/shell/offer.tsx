import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { STAGE_TITLES } from '../../shared/stages.ts';
import { ErrorCard } from '../parts/error-card.tsx';
import { visibleName } from '../parts/format.ts';
import { useAction, useApp, useModel } from '../state/app.tsx';
import { newestInterrupted, runSentence, stepOfRun } from './run-words.ts';

/** After a restart: offers to go on with the build that was cut off. */
export function OfferToContinue() {
  const model = useModel();
  const interrupted = useApp(({ runs }) => newestInterrupted(runs));
  const [declined, setDeclined] = useState<string | null>(null);
  const go = useAction(async () => {
    if (!interrupted) return;
    const step = stepOfRun(interrupted);
    model.openRun(interrupted, step);
    await model.client.call('run.continue', { run: interrupted.id, until: interrupted.until });
  });
  if (!interrupted || declined === interrupted.id) return go.error ? <ErrorCard error={go.error} /> : null;
  return (
    <div className="offer">
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>An earlier build can go on</MessageBarTitle> “{visibleName(interrupted.plan.name)}
          ”. {runSentence(interrupted)}. It was begun to go until: {STAGE_TITLES[interrupted.until]}.
        </MessageBarBody>
        <MessageBarActions
          containerAction={
            <Button
              appearance="transparent"
              icon={<DismissRegular />}
              aria-label="Not now"
              onClick={() => setDeclined(interrupted.id)}
            />
          }
        >
          <Button disabledFocusable={go.busy} onClick={() => void go.run()}>
            Continue that build
          </Button>
        </MessageBarActions>
      </MessageBar>
      {go.error ? <ErrorCard error={go.error} /> : null}
    </div>
  );
}
