// A table of any length: only the rows in sight exist in the page.
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import type { Indexed, Sort } from './rows.ts';

/** Height of a row in pixels; the styles say the same. */
const ROW = 40;
/** Rows kept ready above and below what is in sight. */
const OVERSCAN = 6;

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** Width as a track of the grid. */
  readonly width: string;
  readonly cell: (item: T) => ReactNode;
  /** Actions are not sorted by. */
  readonly unsorted?: boolean;
}

export function LongTable<T extends { readonly id: string }>({
  label,
  rows,
  columns,
  sort,
  onSort,
  selected,
}: {
  readonly label: string;
  readonly rows: readonly Indexed<T>[];
  readonly columns: readonly Column<T>[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly selected?: string | null;
}) {
  const scroll = useRef<HTMLTableSectionElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  // Rows that scroll out of sight lend their elements to those that come in: making and removing them costs the most.
  const slots = Math.ceil((virtual.scrollRect?.height ?? 0) / ROW) + 2 * OVERSCAN + 2;
  // Another order begins at its top.
  const order = (next: Sort) => {
    scroll.current?.scrollTo({ top: 0 });
    onSort(next);
  };
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  return (
    <table className="long-table" aria-label={label} aria-rowcount={rows.length + 1}>
      <thead className="long-head">
        <tr className="long-row" aria-rowindex={1} style={template}>
          {columns.map((column) => (
            <Heading key={column.id} column={column} sort={sort} onSort={order} />
          ))}
        </tr>
      </thead>
      <tbody ref={scroll} className="long-body" {...SCROLL_REGION}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const { item } = row;
          return (
            <tr
              key={index % slots}
              className={item.id === selected ? 'long-row selected' : 'long-row'}
              aria-rowindex={index + 2}
              style={{ ...template, transform: `translateY(${start}px)` }}
            >
              {columns.map(({ id, cell }) => (
                <td key={id} className="long-cell">
                  {cell(item)}
                </td>
              ))}
            </tr>
          );
        })}
        <tr aria-hidden className="long-space" style={{ height: virtual.getTotalSize() }} />
      </tbody>
    </table>
  );
}

function Heading<T>({
  column: { id, title, unsorted },
  sort,
  onSort,
}: {
  readonly column: Column<T>;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}) {
  const mine = sort.column === id;
  if (unsorted)
    return (
      <th scope="col" className="long-cell">
        <span className="sr-only">{title}</span>
      </th>
    );
  return (
    <th
      scope="col"
      className="long-cell"
      aria-sort={mine ? (sort.down ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className="long-sort"
        onClick={() => onSort({ column: id, down: mine && !sort.down })}
      >
        {title}
        {mine ? <span aria-hidden>{sort.down ? <ArrowDownRegular /> : <ArrowUpRegular />}</span> : null}
      </button>
    </th>
  );
}
