import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import { useModel } from '../state/app.tsx';

/** Warns, as long as it is so, that nobody checks the certificate of a cloud. */
export function UncheckedCloud({ source }: { readonly source: CloudSource | null }) {
  const { client } = useModel();
  const [found, setFound] = useState<{ readonly asked: string; readonly host: string } | null>(null);
  const asked = JSON.stringify(source);
  useEffect(() => {
    const cloud = JSON.parse(asked) as CloudSource | null;
    let over = false;
    if (cloud)
      client.call('cloud.trust', { cloud }).then(
        ({ checked, authUrl }) => {
          if (!over) setFound(checked ? null : { asked, host: hostOf(authUrl) });
        },
        // A file that cannot be read is told where the cloud is signed in to.
        () => undefined,
      );
    return () => {
      over = true;
    };
  }, [client, asked]);
  if (!source || found?.asked !== asked) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        The certificate of <b>{found.host}</b> is not checked: anybody on the way can read your password and
        change your images. {instead(source)}
      </MessageBarBody>
    </MessageBar>
  );
}

const hostOf = (authUrl: string): string => URL.parse(authUrl)?.host ?? 'the cloud';

function instead(source: CloudSource): string {
  if (source.verify === false)
    return 'Name the CA file of the cloud under “Region and certificates” in the step Publish instead.';
  return source.kind === 'clouds.yaml'
    ? 'Its clouds.yaml says so (verify: false): name the CA file of the cloud there instead (cacert).'
    : 'Its openrc file says so (OS_INSECURE): name the CA file of the cloud there instead (OS_CACERT).';
}
