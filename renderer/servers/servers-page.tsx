// The page "Servers": every Windows server of a cloud, and in one click its desktop.
import {
  Button,
  Input,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Select,
  Spinner,
  Switch,
  Tab,
  TabList,
} from '@fluentui/react-components';
import { ArrowClockwiseRegular, SearchRegular, SettingsRegular, ShareRegular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import type { ServerRow } from '../../shared/views-servers.ts';
import { ErrorCard } from '../parts/error-card.tsx';
import { UncheckedCloud } from '../parts/unchecked-cloud.tsx';
import { useMedia } from '../parts/use-media.ts';
import { DesktopDialog } from './desktop-dialog.tsx';
import { ImagesTable } from './images-table.tsx';
import { LongTable } from './long-table.tsx';
import { NeedDialog } from './need-dialog.tsx';
import { type Sort, searched, sorted } from './rows.ts';
import { serverColumns } from './server-columns.tsx';
import { ServerPanel } from './server-panel.tsx';
import { useCloudChoice } from './use-cloud-choice.ts';
import { useConnect } from './use-connect.ts';
import { useExport } from './use-export.ts';
import { useServers } from './use-servers.ts';

const BESIDE: ReadonlySet<string> = new Set(['name', 'address', 'connect']);
/** What a narrow window has no room for: the server's own panel tells it. */
const ROOMY: ReadonlySet<string> = new Set(['flavor', 'created']);

export function ServersPage() {
  const { choices, chosen, choose, cloud, own, error: choiceError } = useCloudChoice();
  const servers = useServers(cloud);
  const connect = useConnect(cloud);
  const [tab, setTab] = useState<'servers' | 'images'>('servers');
  const [search, setSearch] = useState('');
  const [onlyWindows, setOnlyWindows] = useState(true);
  const [sort, setSort] = useState<Sort>({ column: 'name', down: false });
  const [selected, setSelected] = useState<string | null>(null);
  const [options, setOptions] = useState(false);
  const ordered = useMemo(() => sorted(servers.rows, sort), [servers.rows, sort]);
  const fitting = useMemo(
    () => (onlyWindows ? ordered.filter(({ item }) => item.windows) : ordered),
    [ordered, onlyWindows],
  );
  const rows = useMemo(() => searched(fitting, search), [fitting, search]);
  const { begin } = connect;
  const columns = useMemo(
    () =>
      serverColumns(
        ({ id }) => setSelected(id),
        (row) => {
          setSelected(row.id);
          void begin('connect', row);
        },
      ),
    [begin],
  );
  const shown = servers.rows.find(({ item }) => item.id === selected)?.item ?? null;
  // Beside an open server there is room for what tells the others apart, and for their one click.
  const open = shown !== null;
  const narrow = useMedia('(max-width: 1180px)');
  const fit = useMemo(
    () => columns.filter(({ id }) => (open ? BESIDE.has(id) : !(narrow && ROOMY.has(id)))),
    [columns, open, narrow],
  );
  const save = useExport(choices.find(({ key }) => key === chosen)?.title ?? 'Casement');
  const error = choiceError ?? servers.error ?? save.error;
  return (
    <main className="page servers-page" aria-label="Servers">
      <div className="servers-bar">
        <h1>Servers</h1>
        <Select
          className="servers-cloud"
          aria-label="Cloud"
          value={chosen ?? ''}
          onChange={(_, data) => {
            setSelected(null);
            choose(data.value);
          }}
        >
          {choices.length === 0 ? <option value="">No cloud is known yet</option> : null}
          {choices.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </Select>
        <TabList
          size="small"
          selectedValue={tab}
          onTabSelect={(_, data) => {
            setSearch('');
            setTab(data.value as 'servers' | 'images');
          }}
        >
          <Tab value="servers">Servers</Tab>
          <Tab value="images">Images</Tab>
        </TabList>
        <span className="grow" />
        <Button size="small" appearance="subtle" icon={<SettingsRegular />} onClick={() => setOptions(true)}>
          Desktop options
        </Button>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button
              size="small"
              appearance="subtle"
              icon={<ShareRegular />}
              disabledFocusable={rows.length === 0}
            >
              Export
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => void save.run('rdp', rows.map(itemOf))}>.rdp files</MenuItem>
              <MenuItem onClick={() => void save.run('remmina', rows.map(itemOf))}>For Remmina</MenuItem>
              <MenuItem onClick={() => void save.run('mremoteng', rows.map(itemOf))}>For mRemoteNG</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      <div className="servers-bar">
        <Input
          className="servers-search"
          type="search"
          aria-label="Search"
          placeholder={tab === 'servers' ? 'Name, address, image, flavor, state or ID' : 'Name, state or ID'}
          contentBefore={<SearchRegular />}
          value={search}
          onChange={(_, data) => setSearch(data.value)}
        />
        {tab === 'servers' ? (
          <>
            <Switch
              label="Only Windows"
              checked={onlyWindows}
              onChange={(_, data) => setOnlyWindows(data.checked)}
            />
            <span className="grow" />
            <span role="status" className="hint servers-count">
              {servers.busy ? <Spinner size="extra-tiny" /> : null}
              {countWords(rows.length, servers.rows.length, servers.busy)}
            </span>
            <Button
              size="small"
              icon={<ArrowClockwiseRegular />}
              disabledFocusable={servers.busy || !cloud}
              onClick={() => cloud && void servers.reload(cloud)}
            >
              Refresh
            </Button>
          </>
        ) : null}
      </div>
      {/* That of the build has its warning over every page. */}
      {own ? null : <UncheckedCloud source={cloud} />}
      {error ? <ErrorCard error={error} /> : null}
      {tab === 'images' && cloud ? <ImagesTable key={chosen} cloud={cloud} search={search} /> : null}
      {tab === 'servers' ? (
        <div className="servers-split">
          {rows.length > 0 ? (
            <LongTable label="Servers" columns={fit} {...{ rows, sort, selected }} onSort={setSort} />
          ) : (
            <p className="empty servers-empty">{emptyWords(cloud !== null, servers, search, onlyWindows)}</p>
          )}
          {shown && cloud ? (
            <ServerPanel
              key={shown.id}
              {...{ row: shown, cloud, connect }}
              onClose={() => setSelected(null)}
              onChanged={servers.changed}
              onRemoved={servers.removed}
              onSave={() => void save.run('rdp', [shown])}
            />
          ) : null}
        </div>
      ) : null}
      {connect.going?.error && connect.asks ? (
        <NeedDialog
          key={connect.going.error.code}
          error={connect.going.error}
          accept={connect.going.wish === 'connect' ? 'Connect' : 'Show password'}
          onClose={connect.give}
        />
      ) : null}
      {options ? <DesktopDialog onClose={() => setOptions(false)} /> : null}
    </main>
  );
}

const itemOf = ({ item }: { readonly item: ServerRow }): ServerRow => item;

function countWords(shown: number, all: number, busy: boolean): string {
  const count = (value: number) => value.toLocaleString('en');
  return `${count(shown)} of ${count(all)}${busy ? ', reading on' : ''}`;
}

function emptyWords(
  cloud: boolean,
  { rows, busy, error }: ReturnType<typeof useServers>,
  search: string,
  onlyWindows: boolean,
): string {
  if (!cloud)
    return 'Sign in to a cloud in the step “Publish”, or put a clouds.yaml where OpenStack looks for it.';
  if (busy && rows.length === 0) return 'Reading the servers…';
  if (error) return 'The list could not be read.';
  if (rows.length === 0) return 'This project has no servers yet. Launch one in the step “Launch”.';
  if (search) return 'No server fits what you search for.';
  return onlyWindows
    ? 'No server here says that it runs Windows. Switch “Only Windows” off to see all of them.'
    : 'There is nothing to show.';
}
