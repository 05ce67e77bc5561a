// "Connect" and "Show password": what runs, how far it is, what it still needs.
import { useEffect, useState } from 'react';
import type { CallArgs } from '../../shared/contract.ts';
import { type ErrorData, isAbort, toErrorData } from '../../shared/errors.ts';
import type { CloudSource } from '../../shared/plan.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { useDraft, useModel } from '../state/app.tsx';
import { desktopOf, viaOf } from '../state/draft-connect.ts';
import { hostOf } from '../state/draft-plan.ts';
import { type Given, needOf } from './need-dialog.tsx';

export type Wish = 'connect' | 'password';

interface Going {
  readonly wish: Wish;
  readonly row: ServerRow;
  readonly busy: boolean;
  readonly message: string;
  readonly error: ErrorData | null;
  readonly given: Given;
  readonly password: string | null;
}

/** Follows one wish at a time; a new one takes the place of the one before. */
export function useConnect(cloud: CloudSource | null) {
  const { client } = useModel();
  const draft = useDraft();
  const [going, setGoing] = useState<Going | null>(null);
  useEffect(
    () =>
      client.on('servers.progress', ({ server, message }) =>
        setGoing((now) => (now?.busy && now.row.id === server ? { ...now, message } : now)),
      ),
    [client],
  );
  const begin = async (wish: Wish, row: ServerRow, given: Given = {}) => {
    if (!cloud) return;
    const mine: Going = {
      ...{ wish, row, given, busy: true, error: null, password: null },
      message: wish === 'connect' ? 'Looking for the way' : 'Asking for the password',
    };
    setGoing(mine);
    const settle = (change: Partial<Going>) =>
      setGoing((now) =>
        now?.row.id === row.id && now.wish === wish ? { ...now, ...change, busy: false } : now,
      );
    try {
      if (wish === 'connect') {
        const { via, address } = await client.call('servers.connect', connectArgs(cloud, row, given));
        settle({ message: `Opened at ${address}${via === null ? '' : `, through ${via}`}` });
        return;
      }
      const { password: _, ...key } = given;
      const found = await client.call('servers.password', { cloud, server: row.id, ...key });
      if (found.state === 'known') settle({ password: found.password, message: '' });
      else settle({ message: found.reason });
    } catch (thrown) {
      if (isAbort(thrown)) settle({ message: 'Cancelled' });
      else settle({ error: toErrorData(thrown), message: '' });
    }
  };
  const connectArgs = (source: CloudSource, row: ServerRow, given: Given): CallArgs<'servers.connect'> => {
    const host = hostOf(draft);
    const via = viaOf(draft);
    return {
      ...{ cloud: source, server: row.id, ...given },
      ...{ user: draft.connect.user, client: draft.connect.client, desktop: desktopOf(draft) },
      ...(via ? { via } : {}),
      hosts: host ? [host] : [],
    };
  };
  return {
    going,
    begin,
    /** Goes on with what was asked for; null gives up. */
    give: (given: Given | null) => {
      if (!going) return;
      if (given === null) setGoing({ ...going, error: null, message: '' });
      else void begin(going.wish, going.row, { ...going.given, ...given });
    },
    /** Whether a dialog has to ask for something. */
    asks: going?.error ? needOf(going.error) !== null : false,
    hide: () => setGoing((now) => (now ? { ...now, password: null } : now)),
    cancel: () => {
      if (going) void client.call('servers.connect.cancel', { server: going.row.id });
    },
    /** Trusts the certificate that is shown now. */
    forget: async () => {
      if (!going) return;
      await client.call('servers.forget', { server: going.row.id });
      await begin(going.wish, going.row, going.given);
    },
  };
}
