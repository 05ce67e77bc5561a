// Saves servers for other programs: one file as it is, several in a ZIP.
import { strToU8, zipSync } from 'fflate';
import type { ExportFormat, ServerRow } from '../../shared/views-servers.ts';
import { download } from '../parts/download.ts';
import { useAction, useDraft, useModel } from '../state/app.tsx';
import { desktopOf, viaOf } from '../state/draft-connect.ts';

/** Exports servers of the cloud called `group`; those without an address are left out. */
export function useExport(group: string) {
  const { client } = useModel();
  const draft = useDraft();
  return useAction(async (format: ExportFormat, rows: readonly ServerRow[]) => {
    const via = viaOf(draft);
    const files = await client.call('servers.export', {
      ...{ format, group, user: draft.connect.user, desktop: desktopOf(draft) },
      ...(via ? { via } : {}),
      servers: rows.flatMap(({ id, name, addresses: [first] }) =>
        first ? [{ id, name, address: first.address }] : [],
      ),
    });
    const [only] = files;
    if (files.length === 1 && only) download(new Blob([only.text]), only.name);
    else {
      const zip = zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])));
      download(new Blob([new Uint8Array(zip)], { type: 'application/zip' }), `casement-${format}.zip`);
    }
  });
}
