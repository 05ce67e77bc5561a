// A list of directory entries that stays quick with ten thousand of them: only the rows in sight exist.
import { DocumentRegular, FolderFilled, LinkRegular, QuestionCircleRegular } from '@fluentui/react-icons';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { DirEntry } from '../../shared/views.ts';
import { formatBytes, formatTime, visibleName } from './format.ts';

/** Height of a row in CSS pixels; the style sheet has the same number. */
const ROW = 36;
/** Rows kept above and below the ones in sight, so that quick scrolling shows no gaps. */
const SPARE = 12;

export function FileList({
  entries,
  selected,
  onSelect,
  onOpen,
}: {
  readonly entries: readonly DirEntry[];
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onOpen: (index: number) => void;
}) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(entries.length, Math.ceil((top + height) / ROW) + SPARE);

  const move = (index: number) => {
    const to = Math.max(0, Math.min(entries.length - 1, index));
    onSelect(to);
    const element = box.current;
    if (!element) return;
    if (to * ROW < element.scrollTop) element.scrollTop = to * ROW;
    else if ((to + 1) * ROW > element.scrollTop + height) element.scrollTop = (to + 1) * ROW - height;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const moves: Record<string, number> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + page,
      PageUp: selected - page,
      Home: 0,
      End: entries.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && selected >= 0) onOpen(selected);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className="file-list"
      role="listbox"
      aria-label="Files and folders"
      tabIndex={0}
      aria-activedescendant={selected >= first && selected < last ? `${id}-${selected}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: entries.length * ROW, position: 'relative' }}>
        {entries.slice(first, last).map((entry, offset) => {
          const index = first + offset;
          return (
            <Row
              key={entry.name}
              id={`${id}-${index}`}
              entry={entry}
              selected={index === selected}
              place={{ index, count: entries.length }}
              onSelect={() => onSelect(index)}
              onOpen={() => onOpen(index)}
            />
          );
        })}
      </div>
    </div>
  );
}

function Row({
  id,
  entry,
  selected,
  place,
  onSelect,
  onOpen,
}: {
  readonly id: string;
  readonly entry: DirEntry;
  readonly selected: boolean;
  readonly place: { readonly index: number; readonly count: number };
  readonly onSelect: () => void;
  readonly onOpen: () => void;
}) {
  const name = visibleName(entry.name);
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={place.index + 1}
      aria-setsize={place.count}
      className="file-row"
      style={{ top: place.index * ROW }}
      title={name}
      onMouseDown={onSelect}
      onDoubleClick={onOpen}
    >
      {entry.kind === 'directory' ? (
        <FolderFilled className="folder" title="Folder" />
      ) : entry.kind === 'file' ? (
        <DocumentRegular />
      ) : (
        <QuestionCircleRegular />
      )}
      <bdi className="file-name">{name}</bdi>
      {entry.link ? <LinkRegular className="quiet" title="Link" /> : <span />}
      <span className="quiet">{entry.kind === 'file' ? formatBytes(entry.bytes) : ''}</span>
      <span className="quiet">{formatTime(entry.modified)}</span>
    </div>
  );
}
