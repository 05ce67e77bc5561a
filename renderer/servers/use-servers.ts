// Reads the servers of a cloud, page after page, in the background.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { useAction, useModel } from '../state/app.tsx';
import type { Indexed } from './rows.ts';
import { indexedServer } from './server-columns.tsx';

/** What is now known of one server. */
export type RowChange = Partial<ServerRow> & Pick<ServerRow, 'id'>;

let lists = 0;

/** All servers of `cloud`, as far as they are read; begins anew when the cloud changes. */
export function useServers(cloud: CloudSource | null) {
  const { client } = useModel();
  const [rows, setRows] = useState<readonly Indexed<ServerRow>[]>([]);
  const [complete, setComplete] = useState(false);
  const current = useRef(0);
  const { run, busy, error } = useAction(async (source: CloudSource) => {
    lists += 1;
    const list = lists;
    current.current = list;
    setComplete(false);
    // What is shown stays until the new list has come, so that a refresh does not blink.
    let fresh: readonly Indexed<ServerRow>[] = [];
    const stop = client.on('servers.page', (page) => {
      if (page.list !== list || current.current !== list) return;
      fresh = [...fresh, ...page.servers.map(indexedServer)];
      setRows((before) => (before.length > fresh.length ? before : fresh));
    });
    try {
      await client.call('servers.list', { cloud: source, list });
      if (current.current !== list) return;
      setRows(fresh);
      setComplete(true);
    } finally {
      stop();
    }
  });
  const key = JSON.stringify(cloud);
  useEffect(() => {
    setRows([]);
    const source = JSON.parse(key) as CloudSource | null;
    if (source) void run(source);
    return () => {
      current.current = 0;
    };
  }, [key, run]);
  /** Takes over what is now known of one server. */
  const changed = useCallback((change: RowChange) => {
    setRows((before) =>
      before.map((row) => (row.item.id === change.id ? indexedServer({ ...row.item, ...change }) : row)),
    );
  }, []);
  const removed = useCallback((id: string) => {
    setRows((before) => before.filter(({ item }) => item.id !== id));
  }, []);
  return { rows, complete, busy, error, reload: run, changed, removed };
}
