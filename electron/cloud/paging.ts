// Long lists come in pages; each service names the next one in its own way. Pure but for the fetch it is given.

type Body = Readonly<Record<string, unknown>>;

/** Query string of the next page: Nova's and Neutron's `<key>_links`, Glance's `next`; null on the last page. */
export function nextQuery(body: Body, key: string): string | null {
  const links = body[`${key}_links`];
  const next = Array.isArray(links)
    ? links.find((link: { rel?: unknown }) => link?.rel === 'next')?.href
    : body.next;
  if (typeof next !== 'string') return null;
  // Only the query is taken: behind a proxy the host in these links is often an inner one.
  const at = next.indexOf('?');
  return at < 0 ? null : next.slice(at + 1);
}

/** All items under `key`, page after page. Stops when a page repeats, which a broken proxy can cause. */
export async function allPages(
  fetchPage: (query: string) => Promise<Body>,
  key: string,
  firstQuery: string,
): Promise<unknown[]> {
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let query: string | null = firstQuery; query !== null && !seen.has(query); ) {
    seen.add(query);
    const body: Body = await fetchPage(query);
    const page = body[key];
    if (Array.isArray(page)) items.push(...page);
    query = nextQuery(body, key);
  }
  return items;
}
