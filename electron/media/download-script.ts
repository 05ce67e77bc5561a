// The job that downloads a file on the host. Everything that varies comes as arguments; the address, which may hold
// a password or a signed query, comes on standard input as curl's configuration.

/** Attempts in a row that may end without a single byte more. */
const FRUITLESS = 6;

/**
 * Arguments: file to fill, its full size or ''. Resumes where the file ends. curl's own --retry would throw away what
 * the last attempt brought, so the attempts are counted here. 33 and HTTP 416: the server cannot go on from
 * there, so it begins anew. `code` is curl's status also through the substitution, curl being last in the pipe.
 */
export const DOWNLOAD_SCRIPT = `
part=$1 total=$2
config=$(cat)
size() { stat -c %s "$part" 2>/dev/null || echo 0; }
fruitless=0 before=$(size)
while :; do
  [ -z "$total" ] || [ "$(size)" != "$total" ] || exit 0
  http=$(printf '%s\\n' "$config" | curl -q --config - --fail --location --max-redirs 10 --proto =http,https --proto-redir =http,https \\
    --silent --show-error --connect-timeout 15 --speed-limit 1 --speed-time 60 --continue-at - --output "$part" --write-out '%{http_code}')
  code=$?
  case $code/$http in
    0/*) exit 0;;
    33/*|22/416) rm -f "$part";;
    5/*|6/*|7/*|16/*|18/*|28/*|35/*|52/*|55/*|56/*|92/*|95/*|22/429|22/5??) ;;
    *) exit $code;;
  esac
  now=$(size)
  if [ "$now" -gt "$before" ]; then fruitless=0; else fruitless=$((fruitless+1)); fi
  [ $fruitless -lt ${FRUITLESS} ] || exit $code
  before=$now
  sleep $((fruitless * 2))
done
`;

/** Asks a server about a file: headers of every answer on the way, then a line "STATUS ADDRESS" of the last one. */
export const ASK: readonly string[] = [
  ...['curl', '-q', '--config', '-', '--head', '--location', '--max-redirs', '10'],
  ...['--proto', '=http,https', '--proto-redir', '=http,https', '--silent', '--show-error'],
  ...['--connect-timeout', '15', '--max-time', '30', '--write-out', '\\n%{http_code} %{url_effective}\\n'],
];

/** curl's configuration for an address; WHATWG addresses hold no quotes, backslashes or line ends, and are escaped all the same. */
export function curlConfig(url: string): string {
  const { href } = new URL(url);
  return `url = "${href.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n`;
}

/** What a server says about a file before it is downloaded. */
export interface Answer {
  readonly status: number;
  readonly bytes: number | null;
  /** ETag, else Last-Modified; '' when the server gives neither. */
  readonly version: string;
  /** Address after redirections. */
  readonly url: string;
  readonly html: boolean;
}

/** Reads what ASK prints; null when there was no answer. */
export function parseAnswer(text: string): Answer | null {
  const [, headers = '', status, url] = /^(.*)\n(\d{3}) (\S+)\n$/s.exec(text) ?? [];
  if (status === undefined || url === undefined || status === '000' || !URL.canParse(url)) return null;
  // With redirections there is a block of headers for each; the last one counts.
  const last =
    headers
      .trimEnd()
      .split(/\r?\n\r?\n/)
      .at(-1) ?? '';
  const header = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(last)?.[1] ?? '';
  const length = header('content-length');
  return {
    status: Number(status),
    bytes: /^\d{1,15}$/.test(length) && length !== '0' ? Number(length) : null,
    version: header('etag') || header('last-modified'),
    url,
    html: /^text\/html\b/i.test(header('content-type')),
  };
}
