// What both window fronts enforce alike: the content security policy and how a built page is found. Pure.

/** Everything the page may load: only itself. Fluent UI writes its styles at run time, hence `unsafe-inline` there alone. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.json': 'application/json',
};

/** Headers of every answer that carries a file of the page. */
export function pageHeaders(path: string): Record<string, string> {
  const extension = /\.[a-z0-9]+$/.exec(path)?.[0] ?? '';
  return {
    'content-type': TYPES[extension] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

/**
 * Relative path of the file that a URL path asks for, or null when it is not one of the page's.
 * Only plain names below the page's folder pass: no `..`, no backslash, no hidden file.
 */
export function pageFile(urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath).replace(/^\/+/, '');
  } catch {
    return null;
  }
  if (path === '') return 'index.html';
  const parts = path.split('/');
  return parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part)) ? path : null;
}

/** Origin of the page inside Electron; a custom scheme, so that no file:// path and no web page shares it. */
export const APP_ORIGIN = 'app://casement';

/** Whether an IPC message comes from our own page: its main frame, at our own origin. */
export function trustedSender(frame: { readonly url: string; readonly isMain: boolean } | null): boolean {
  return frame?.isMain === true && (frame.url === APP_ORIGIN || frame.url.startsWith(`${APP_ORIGIN}/`));
}

// Places the help and the media pages point to; a server's answer can never widen this list.
const EXTERNAL_HOSTS = new Set([
  'www.microsoft.com',
  'learn.microsoft.com',
  'fedorapeople.org',
  'www.cloudbase.it',
  'cloudbase.it',
  'github.com',
  'docs.openstack.org',
]);

/** Whether the browser of the desktop may be opened at this address: https, a host of the list, no credentials. */
export function externalAllowed(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    EXTERNAL_HOSTS.has(url.hostname)
  );
}
