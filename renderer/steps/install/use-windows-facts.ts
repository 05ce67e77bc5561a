import { useEffect, useState } from 'react';
import type { WindowsMediaFacts } from '../../../shared/media-facts.ts';
import { useDraft, useModel } from '../../state/app.tsx';
import { hostOf, mediaOf } from '../../state/draft-plan.ts';

/** What the chosen Windows ISO holds; null until it is known, and where it cannot be read. */
export function useWindowsFacts(): WindowsMediaFacts | null {
  const { client } = useModel();
  const draft = useDraft();
  const [facts, setFacts] = useState<WindowsMediaFacts | null>(null);
  const wanted = JSON.stringify([hostOf(draft), mediaOf(draft.media.windows)]);
  useEffect(() => {
    const [host, source] = JSON.parse(wanted) as [ReturnType<typeof hostOf>, ReturnType<typeof mediaOf>];
    let current = true;
    setFacts(null);
    if (!host || !source) return;
    client.call('media.identify', { host, source }).then(
      (found) => current && found.kind === 'windows' && setFacts(found),
      // The page "Media" says what is wrong with the file.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [client, wanted]);
  return facts;
}
