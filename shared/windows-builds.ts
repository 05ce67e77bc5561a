// Which Windows a build number is. Builds are shared by server and client, and by several releases of Windows 10.
// Source: the build numbers of released media; ranges as cloudbase/windows-imaging-tools draws them.
import { windowsProduct } from './windows.ts';

/** First and last build of each product of the catalogue. */
const BUILDS: readonly (readonly [id: string, first: number, last: number])[] = [
  ['2008r2', 7601, 7601],
  ['2012', 9200, 9200],
  ['2012r2', 9600, 9600],
  ['2016', 14393, 16299],
  ['2019', 17763, 19999],
  ['2022', 20348, 25999],
  ['2025', 26100, 26999],
  ['7', 7601, 7601],
  ['8.1', 9600, 9600],
  ['10', 10240, 21999],
  ['11', 22000, 27999],
];

/** Id of the product with this build, null when the catalogue has none. */
export function productOfBuild(build: number, family: 'server' | 'client'): string | null {
  const found = BUILDS.find(
    ([id, first, last]) => first <= build && build <= last && windowsProduct(id).family === family,
  );
  return found?.[0] ?? null;
}

/** What the build is called in words, where one build stands for several releases. */
export function titleOfBuild(product: string, build: number): string {
  const { title } = windowsProduct(product);
  // Versions 20H2 to 22H2 are switched on in the files of 2004 and keep its number on the media.
  if (product === '10' && build >= 19041 && build <= 19045) return `${title} (version 2004 to 22H2)`;
  if (product === '11' && build >= 26100) return `${title} (version 24H2 or later)`;
  return title;
}
