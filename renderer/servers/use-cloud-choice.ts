// Which cloud's servers are shown: the one of the build, or one that is found on this computer.
import { useMemo, useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import { useDraft, useModel } from '../state/app.tsx';
import { cloudOf } from '../state/draft-plan.ts';
import { useLoaded } from '../steps/launch/use-cloud.ts';

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly source: CloudSource;
}

/** The clouds that can be shown, and the chosen one. */
export function useCloudChoice() {
  const { client } = useModel();
  const draft = useDraft();
  const found = useLoaded(() => client.call('cloud.choices', {}));
  const own = JSON.stringify(cloudOf(draft.cloud));
  const choices = useMemo(() => {
    const source = JSON.parse(own) as CloudSource | null;
    const all: Choice[] = source ? [{ key: own, title: `${titleOf(source)} (this build)`, source }] : [];
    for (const { cloud, file } of found.value ?? []) {
      // The build's own cloud is usually one of those that are found.
      if (source?.kind === 'clouds.yaml' && source.cloud === cloud) continue;
      all.push({ key: `${cloud} ${file}`, title: cloud, source: { kind: 'clouds.yaml', cloud, file } });
    }
    return all;
  }, [own, found.value]);
  const [wanted, choose] = useState<string | null>(null);
  const chosen = choices.find(({ key }) => key === wanted) ?? choices[0] ?? null;
  return {
    choices,
    chosen: chosen?.key ?? null,
    choose,
    cloud: chosen?.source ?? null,
    /** Whether it is the cloud of the build. */
    own: chosen?.key === own,
    error: found.error,
  };
}

function titleOf(source: CloudSource): string {
  if (source.kind === 'clouds.yaml') return source.cloud;
  if (source.kind === 'openrc') return source.file.split(/[\\/]/).at(-1) ?? source.file;
  return new URL(source.authUrl).host;
}
