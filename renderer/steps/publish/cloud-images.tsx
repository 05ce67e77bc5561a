import {
  Button,
  SearchBox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { AlbumRegular, ArrowSyncRegular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { formatBytes } from '../../parts/format.ts';
import type { GlanceState } from './use-glance.ts';

/** So many rows are shown at once; more are asked for. */
const PAGE = 8;

/** What the cloud has already, so that nobody makes a second one of the same. */
export function CloudImages({ state }: { readonly state: GlanceState }) {
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(PAGE);
  const { glance, busy, error, reload } = state;
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return (glance?.images ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  }, [glance, search]);
  if (!glance && !error) return null;
  const rows = found.slice(0, shown);
  return (
    <Card
      title="Images already in the cloud"
      icon={<AlbumRegular />}
      hint={glance ? `${glance.images.length} that your project may use, newest first.` : undefined}
      action={
        <Button
          appearance="subtle"
          icon={<ArrowSyncRegular />}
          aria-label="Look again for images"
          disabledFocusable={busy}
          onClick={reload}
        />
      }
    >
      {error ? <ErrorCard error={error} /> : null}
      {glance && glance.images.length > PAGE ? (
        <SearchBox
          aria-label="Search images"
          placeholder="Search by name"
          value={search}
          onChange={(_, data) => {
            setSearch(data.value);
            setShown(PAGE);
          }}
        />
      ) : null}
      {rows.length > 0 ? (
        <Table size="small" aria-label="Images of the cloud">
          <TableHeader>
            <TableRow>
              <TableHeaderCell className="image-name">Name</TableHeaderCell>
              <TableHeaderCell>Made on</TableHeaderCell>
              <TableHeaderCell>Size</TableHeaderCell>
              <TableHeaderCell>Seen by</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {rows.map(({ id, name, createdAt, bytes, visibility, status }) => (
              <TableRow key={id}>
                <TableCell className="image-name">{name || id}</TableCell>
                <TableCell>{createdAt.slice(0, 10)}</TableCell>
                <TableCell>{bytes === null ? status : formatBytes(bytes)}</TableCell>
                <TableCell>{visibility}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      ) : glance ? (
        <p className="hint">{search ? 'No image has this in its name.' : 'The cloud has no image yet.'}</p>
      ) : null}
      {found.length > shown ? (
        <Button size="small" appearance="subtle" onClick={() => setShown(shown + 50)}>
          Show more ({found.length - shown} left)
        </Button>
      ) : null}
    </Card>
  );
}
