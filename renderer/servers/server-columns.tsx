// The columns of the list of servers and of the list of images.
import type { ImageView } from '../../shared/views.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { formatBytes, visibleName } from '../parts/format.ts';
import type { Column } from './long-table.tsx';
import { type Indexed, indexed } from './rows.ts';

/** A server ready to be searched and sorted. */
export function indexedServer(row: ServerRow): Indexed<ServerRow> {
  return indexed(
    row,
    {
      state: stateWords(row.status),
      name: row.name,
      address: row.addresses.map(({ address }) => address).join(' '),
      image: row.imageName ?? '',
      flavor: row.flavor,
      created: row.created,
    },
    `${row.id} ${row.status}`,
  );
}

/** An image ready to be searched and sorted. */
export function indexedImage(image: ImageView): Indexed<ImageView> {
  const { name, status, visibility, bytes, createdAt } = image;
  return indexed(image, { name, status, visibility, size: String(bytes ?? 0), created: createdAt }, image.id);
}

/** The columns of servers; `onOpen` shows one, `onConnect` opens its desktop. */
export function serverColumns(
  onOpen: (row: ServerRow) => void,
  onConnect: (row: ServerRow) => void,
): readonly Column<ServerRow>[] {
  return [
    {
      id: 'state',
      title: 'State',
      width: '104px',
      cell: ({ status }) => (
        <>
          <span className={`dot ${stateClass(status)}`} aria-hidden />
          {stateWords(status)}
        </>
      ),
    },
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(140px, 2fr)',
      cell: (row) => (
        <button type="button" className="long-name" title={visibleName(row.name)} onClick={() => onOpen(row)}>
          <bdi>{visibleName(row.name)}</bdi>
        </button>
      ),
    },
    {
      id: 'address',
      title: 'Addresses',
      width: 'minmax(116px, 1.2fr)',
      cell: ({ addresses }) => (
        <span title={addresses.map(({ address }) => address).join(', ')}>
          {addresses[0]?.address ?? 'none'}
          {addresses.length > 1 ? ` +${addresses.length - 1}` : ''}
        </span>
      ),
    },
    {
      id: 'image',
      title: 'Image',
      width: 'minmax(110px, 1.6fr)',
      cell: ({ imageName }) => cut(imageName ?? '–'),
    },
    { id: 'flavor', title: 'Flavor', width: 'minmax(70px, 0.8fr)', cell: ({ flavor }) => cut(flavor) },
    { id: 'created', title: 'Created', width: '92px', cell: ({ created }) => day(created) },
    {
      id: 'connect',
      title: 'Connect',
      width: '88px',
      unsorted: true,
      cell: (row) => (
        <button
          type="button"
          className="long-act"
          aria-label={`Connect to ${visibleName(row.name)}`}
          onClick={() => onConnect(row)}
        >
          Connect
        </button>
      ),
    },
  ];
}

export const IMAGE_COLUMNS: readonly Column<ImageView>[] = [
  { id: 'name', title: 'Name', width: 'minmax(180px, 3fr)', cell: ({ name }) => cut(name) },
  { id: 'status', title: 'State', width: '110px', cell: ({ status }) => status },
  { id: 'visibility', title: 'Visibility', width: '110px', cell: ({ visibility }) => visibility },
  {
    id: 'size',
    title: 'Size',
    width: '100px',
    cell: ({ bytes }) => (bytes === null ? '–' : formatBytes(bytes)),
  },
  { id: 'created', title: 'Created', width: '100px', cell: ({ createdAt }) => day(createdAt) },
];

function cut(name: string) {
  const shown = visibleName(name);
  return (
    <bdi className="ellipsis" title={shown}>
      {shown}
    </bdi>
  );
}

const day = (iso: string): string => iso.slice(0, 10);

const WORDS: Readonly<Record<string, string>> = {
  ACTIVE: 'Running',
  BUILD: 'Starting',
  REBUILD: 'Rebuilding',
  REBOOT: 'Rebooting',
  HARD_REBOOT: 'Rebooting',
  SHUTOFF: 'Off',
  PAUSED: 'Paused',
  SUSPENDED: 'Suspended',
  SHELVED: 'Shelved',
  SHELVED_OFFLOADED: 'Shelved',
  VERIFY_RESIZE: 'Resized',
  ERROR: 'Failed',
};

/** Nova's state of a server in plain words; an unknown one as it is. */
export function stateWords(status: string): string {
  return WORDS[status] ?? status;
}

function stateClass(status: string): string {
  if (status === 'ACTIVE') return 'on';
  if (status === 'ERROR') return 'failed';
  return /BUILD|REBOOT/.test(status) ? 'busy' : 'off';
}
