// The images of a cloud, as a list of the same kind.
import { Spinner } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import { ErrorCard } from '../parts/error-card.tsx';
import { useModel } from '../state/app.tsx';
import { useLoaded } from '../steps/launch/use-cloud.ts';
import { ImageOffers } from './image-offers.tsx';
import { LongTable } from './long-table.tsx';
import { type Sort, searched, sorted } from './rows.ts';
import { IMAGE_COLUMNS, indexedImage } from './server-columns.tsx';

export function ImagesTable({ cloud, search }: { readonly cloud: CloudSource; readonly search: string }) {
  const { client } = useModel();
  const { value, error, reload } = useLoaded(async () =>
    (await client.call('servers.images', { cloud })).map(indexedImage),
  );
  const [sort, setSort] = useState<Sort>({ column: 'name', down: false });
  const ordered = useMemo(() => sorted(value ?? [], sort), [value, sort]);
  const rows = useMemo(() => searched(ordered, search), [ordered, search]);
  return (
    <>
      <ImageOffers cloud={cloud} onAnswered={reload} />
      {error ? <ErrorCard error={error} /> : null}
      {value === null && !error ? <Spinner label="Reading the images" /> : null}
      {value && rows.length === 0 ? (
        <p className="empty servers-empty">
          {search ? 'No image fits what you search for.' : 'This project sees no images yet.'}
        </p>
      ) : null}
      {rows.length > 0 ? (
        <div className="servers-split">
          <LongTable label="Images" {...{ rows, sort }} columns={IMAGE_COLUMNS} onSort={setSort} />
        </div>
      ) : null}
    </>
  );
}
