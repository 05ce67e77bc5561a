// Browses the folders of a host and picks one file.
import {
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  Button,
  Checkbox,
  Input,
  Spinner,
} from '@fluentui/react-components';
import { ArrowUpRegular, SearchRegular } from '@fluentui/react-icons';
import { Fragment, useEffect, useState } from 'react';
import type { HostSpec } from '../../shared/plan.ts';
import type { DirListing } from '../../shared/views.ts';
import { useAction, useModel } from '../state/app.tsx';
import { ErrorCard } from './error-card.tsx';
import { FileList } from './file-list.tsx';
import { joinPath, visibleName } from './format.ts';
import { PageDialog } from './page-dialog.tsx';
import { shownEntries } from './shown-entries.ts';

export function FileDialog({
  title,
  host,
  start,
  extensions,
  onPick,
  onClose,
}: {
  readonly title: string;
  readonly host: HostSpec;
  readonly start: string;
  readonly extensions: readonly string[];
  readonly onPick: (path: string) => void;
  readonly onClose: () => void;
}) {
  const { client } = useModel();
  const [listing, setListing] = useState<DirListing | null>(null);
  const [filter, setFilter] = useState('');
  const [all, setAll] = useState(false);
  const [selected, setSelected] = useState(-1);
  const open = useAction(async (path: string) => {
    const found = await client.call('host.browse', { host, path });
    setListing(found);
    setFilter('');
    setSelected(-1);
  });
  const openFolder = open.run;
  useEffect(() => void openFolder(start), [openFolder, start]);

  const entries = listing ? shownEntries(listing.entries, filter, extensions, all) : [];
  const choose = (index: number) => {
    const entry = entries[index];
    if (!entry || !listing) return;
    const path = joinPath(listing.path, entry.name);
    if (entry.kind === 'directory') void openFolder(path);
    else if (entry.kind === 'file') onPick(path);
  };
  const chosen = entries[selected];

  return (
    <PageDialog
      title={title}
      className="file-dialog"
      content="file-content"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button appearance="primary" disabledFocusable={!chosen} onClick={() => choose(selected)}>
            {chosen?.kind === 'directory' ? 'Open folder' : 'Choose'}
          </Button>
        </>
      }
    >
      <div className="row nowrap">
        <Button
          icon={<ArrowUpRegular />}
          appearance="subtle"
          aria-label="Up one folder"
          disabledFocusable={!listing?.parent}
          onClick={() => listing?.parent && void openFolder(listing.parent)}
        />
        <Crumbs path={listing?.path ?? start} onOpen={(path) => void openFolder(path)} />
        <Input
          className="filter"
          contentBefore={<SearchRegular />}
          aria-label="Filter by name"
          placeholder="Filter"
          value={filter}
          onChange={(_, data) => {
            setFilter(data.value);
            setSelected(-1);
          }}
        />
      </div>
      {open.error ? <ErrorCard error={open.error} /> : null}
      {open.busy && !listing ? <Spinner label="Reading the folder" /> : null}
      {listing ? (
        <FileList
          entries={entries}
          selected={selected}
          onSelect={setSelected}
          onOpen={choose}
          key={listing.path}
        />
      ) : null}
      <div className="row spread">
        <span className="hint" role="status">
          {listing ? summary(entries.length, listing.entries.length) : ''}
        </span>
        {extensions.length > 0 ? (
          <Checkbox
            label="Show all files"
            checked={all}
            onChange={(_, data) => setAll(data.checked === true)}
          />
        ) : null}
      </div>
    </PageDialog>
  );
}

function summary(shown: number, total: number): string {
  if (total === 0) return 'This folder is empty.';
  return shown === total
    ? `${total.toLocaleString('en')} entries`
    : `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} entries`;
}

function Crumbs({ path, onOpen }: { readonly path: string; readonly onOpen: (path: string) => void }) {
  const names = path.split('/').filter(Boolean);
  const crumbs = [
    { name: '/', path: '/' },
    ...names.map((name, index) => ({ name, path: `/${names.slice(0, index + 1).join('/')}` })),
  ];
  const shown = crumbs.length > 5 ? [...crumbs.slice(0, 1), ...crumbs.slice(-3)] : crumbs;
  return (
    <Breadcrumb aria-label="Folder" size="small" className="crumbs">
      {shown.map((crumb, index) => (
        <Fragment key={crumb.path}>
          {index > 0 ? <BreadcrumbDivider /> : null}
          <BreadcrumbItem>
            <BreadcrumbButton current={index === shown.length - 1} onClick={() => onOpen(crumb.path)}>
              <bdi className="ellipsis crumb">{visibleName(crumb.name)}</bdi>
            </BreadcrumbButton>
          </BreadcrumbItem>
        </Fragment>
      ))}
    </Breadcrumb>
  );
}
