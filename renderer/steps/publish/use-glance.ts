import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../shared/errors.ts';
import type { GlanceView } from '../../../shared/views.ts';
import { useAction, useApp, useDraft, useModel } from '../../state/app.tsx';
import { cloudOf } from '../../state/draft-plan.ts';

export interface GlanceState {
  /** null until somebody signed in and the cloud has answered. */
  readonly glance: GlanceView | null;
  readonly busy: boolean;
  readonly error: ErrorData | null;
  readonly reload: () => void;
}

/** The images of the cloud that is signed in to; asked again after every sign-in. */
export function useGlance(): GlanceState {
  const model = useModel();
  const source = cloudOf(useDraft().cloud);
  const signedIn = useApp(({ cloud }) => cloud);
  const [glance, setGlance] = useState<GlanceView | null>(null);
  const { run, busy, error } = useAction(async () => {
    if (source) setGlance(await model.client.call('cloud.images', { cloud: source }));
  });
  useEffect(() => {
    setGlance(null);
    if (signedIn) void run();
  }, [signedIn, run]);
  return { glance, busy, error, reload: () => void run() };
}
