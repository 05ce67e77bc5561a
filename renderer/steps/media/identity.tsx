import { Button, Spinner } from '@fluentui/react-components';
import { ErrorCircleRegular, InfoRegular, WarningRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { MediaFacts } from '../../../shared/media-facts.ts';
import { notesFor } from '../../../shared/media-fit.ts';
import type { HostSpec, MediaKind, MediaSource } from '../../../shared/plan.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { useAction, useDraft, useModel } from '../../state/app.tsx';
import { chooseWindows } from '../../state/draft.ts';
import { factsInWords, wrongKind } from './identity-words.ts';

/** Milliseconds without a change after which a typed path is looked at. */
const SETTLED_MS = 600;

/** What the chosen file really is, and what speaks against it for the chosen Windows. Each file needs its own (`key`). */
export function MediaIdentity({
  kind,
  host,
  source,
}: {
  readonly kind: MediaKind;
  readonly host: HostSpec;
  readonly source: MediaSource;
}) {
  const model = useModel();
  const { windows } = useDraft();
  const [facts, setFacts] = useState<MediaFacts | null>(null);
  const { run, busy, error } = useAction(async () =>
    setFacts(await model.client.call('media.identify', { host, source })),
  );
  useEffect(() => {
    const timer = setTimeout(() => void run(), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [run]);
  if (busy) return <Spinner size="tiny" label="Looking into the file …" labelPosition="after" />;
  if (error) return <Line level="warning" text={`${error.whatHappened} ${error.whatToDo}`} />;
  if (!facts) return null;
  const wrong = wrongKind(kind, facts);
  if (wrong) return <Line level="problem" text={wrong} />;
  const other =
    facts.kind === 'windows' && facts.product !== null && facts.product !== windows ? facts.product : null;
  return (
    <div className="stack tight" role="status">
      <Line level="info" text={factsInWords(facts)} />
      {notesFor(windows, facts).map(({ id, level, text }) => (
        <Line key={id} level={level} text={text} />
      ))}
      {other ? (
        <div className="row">
          <span>You have chosen {windowsProduct(windows).title} above.</span>
          <Button size="small" onClick={() => model.change((draft) => chooseWindows(draft, other))}>
            Use {windowsProduct(other).title}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

const ICONS = { info: InfoRegular, warning: WarningRegular, problem: ErrorCircleRegular } as const;

function Line({ level, text }: { readonly level: keyof typeof ICONS; readonly text: string }) {
  const Icon = ICONS[level];
  return (
    <p className={`media-line ${level}`}>
      <Icon aria-hidden />
      <span>
        {level === 'info' ? null : <strong>{level === 'problem' ? 'Problem: ' : 'Note: '}</strong>}
        {text}
      </span>
    </p>
  );
}
