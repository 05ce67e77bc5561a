import { useCallback, useEffect, useState } from 'react';
import type { CallArgs } from '../../../shared/contract.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { useAction, useDraft, useModel, useRun } from '../../state/app.tsx';
import { serverOf } from '../../state/draft-server.ts';
import { accountOf } from '../../state/draft-setup.ts';

/** Rest after the last change before the cloud is asked again, in ms. */
const REST_MS = 800;

/** The checks before a launch, repeated after every change; null while nothing can be checked yet. */
export function useLaunchCheck(
  cloud: CloudSource | null,
  password: string,
  passphrase: string,
  off: boolean,
) {
  const { client } = useModel();
  const draft = useDraft();
  const run = useRun();
  const [findings, setFindings] = useState<readonly LaunchFinding[] | null>(null);
  const server = serverOf(draft.server, password !== '');
  const question: CallArgs<'launch.check'> | null =
    cloud && server && !off
      ? {
          cloud,
          server,
          image: run?.imageId ?? null,
          minDiskGB: draft.sizeGB,
          minRamMB: windowsProduct(draft.windows).minRamMB,
          account: accountOf(draft.setup),
          ...(password && draft.server.password === 'chosen' ? { password } : {}),
          ...(passphrase ? { passphrase } : {}),
          ...(run ? { run: run.id } : {}),
        }
      : null;
  // As text it is the same question as long as nothing in it changed.
  const asked = JSON.stringify(question);
  const action = useAction(async (text: string) => {
    const wanted = JSON.parse(text) as typeof question;
    setFindings(wanted && (await client.call('launch.check', wanted)));
  });
  const { run: check } = action;
  useEffect(() => {
    const timer = setTimeout(() => void check(asked), REST_MS);
    return () => clearTimeout(timer);
  }, [asked, check]);
  return {
    /** Whether there is enough to check. */
    asking: question !== null,
    findings,
    busy: action.busy,
    error: action.error,
    check: useCallback(() => void check(asked), [asked, check]),
  };
}
