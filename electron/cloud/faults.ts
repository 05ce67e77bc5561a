// Error answers of OpenStack services, in all their shapes, as one sentence with the request id. Pure.
import { CasementError } from '../../shared/errors.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const NAMED: Readonly<Record<string, string>> = {
  identity: 'Keystone',
  image: 'Glance',
  compute: 'Nova',
  network: 'Neutron',
};
/** Longest quotation of a service in a sentence. */
const QUOTE_LENGTH = 400;
/** What is looked at of an answer that is no JSON, in characters: real ones are far shorter, and some patterns are slow on more. */
const LONGEST = 16 * 1024;

/** Control characters and those that turn the direction of reading: they would spoil the sentence around them. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The name an admin knows a service type by. */
export function serviceTitle(type: string): string {
  return NAMED[type] ?? type;
}

/** The service's own words: JSON `{"badRequest":{…}}`, `{"NeutronError":{…}}`, `{"error":{…}}`, or Glance's HTML. */
export function faultText(answer: Answer): string {
  const text = answer.text.slice(0, LONGEST);
  const words = fromJson(answer.text) ?? fromHtml(text) ?? text;
  const plain = words.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const cut = plain.length > QUOTE_LENGTH ? `${plain.slice(0, QUOTE_LENGTH)}…` : plain;
  return cut || `HTTP status ${answer.status} without a text`;
}

/** Headers in which services name a request. */
const REQUEST_ID = ['x-openstack-request-id', 'x-compute-request-id', 'x-trans-id', 'x-request-id'];

/** Request id of an answer, for the operator of the cloud; empty when there is none. */
export function requestId(answer: Answer): string {
  const ids = REQUEST_ID.map((header) => answer.headers[header] ?? '');
  // Two headers of one name come joined; an id is one word.
  return ids.map((id) => /^[\w.:-]{1,100}(?=,|$)/.exec(id)?.[0] ?? '').find((id) => id !== '') ?? '';
}

/** The error of an answer outside 2xx; `doing` ends the sentence "… while …". */
export function serviceError(type: string, doing: string, answer: Answer): CasementError {
  const service = serviceTitle(type);
  const words = faultText(answer);
  const id = requestId(answer);
  const { code, title, whatToDo } = meaning(answer.status, words, service);
  return new CasementError({
    code,
    title,
    whatHappened: `While ${doing}, ${service} answered: “${words}” (HTTP ${answer.status}${id ? `, request ${id}` : ''}).`,
    whatToDo,
    detail: answer.text.slice(0, 4000),
  });
}

function meaning(
  status: number,
  words: string,
  service: string,
): Record<'code' | 'title' | 'whatToDo', string> {
  if (status === 400 && /SSL certificate (was sent|error)/i.test(words))
    return {
      code: 'cloud.client-certificate',
      title: 'The cloud wants to see a certificate of yours',
      whatToDo:
        'Ask the operator for a client certificate and name its files ("Client certificate file" in the wizard; cert and key in clouds.yaml).',
    };
  if (/quota/i.test(words) && (status === 403 || status === 413 || status === 409))
    return {
      code: 'cloud.quota',
      title: 'The quota of the project is used up',
      whatToDo: 'Delete what you no longer need, or ask the operator of the cloud for a larger quota.',
    };
  if (status === 413)
    return {
      code: 'cloud.too-large',
      title: 'The cloud does not take anything this large',
      whatToDo: 'Build a smaller image, or ask the operator to raise the size limit of Glance.',
    };
  if (status === 401)
    return {
      code: 'cloud.signed-out',
      title: 'The cloud no longer accepts the sign-in',
      whatToDo: 'Check that the account or application credential still exists, then sign in again.',
    };
  if (status === 403)
    return {
      code: 'cloud.forbidden',
      title: 'The cloud does not allow this',
      whatToDo: 'Ask the operator of the cloud for the role that allows it, or choose something else.',
    };
  if (status === 404 || status === 410)
    return {
      code: 'cloud.not-found',
      title: 'The cloud does not have this',
      whatToDo: 'It may have been deleted meanwhile: look at the list again.',
    };
  if (status === 409)
    return {
      code: 'cloud.conflict',
      title: 'This collides with something in the cloud',
      whatToDo: 'Choose another name, or remove what is in the way.',
    };
  if (status >= 500)
    return {
      code: 'cloud.service-failed',
      title: `${service} has a problem of its own`,
      whatToDo: 'Try again in a minute. If it stays, give the request number to the operator of the cloud.',
    };
  return {
    code: 'cloud.refused',
    title: `${service} refused the request`,
    whatToDo: 'Change what it complains about and try again.',
  };
}

function fromJson(text: string): string | null {
  if (!/^\s*[{[]/.test(text)) return null;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const found = messageIn(body, 0);
  return found === null ? null : stripTags(found.slice(0, LONGEST));
}

/** The first `message` (or `detail`, `faultstring`) of a body, at most three levels deep. */
function messageIn(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null || depth > 3) return null;
  const fields = Object.entries(value);
  for (const wanted of ['message', 'error_message', 'faultstring', 'detail', 'title'])
    for (const [key, inner] of fields) if (key === wanted && typeof inner === 'string' && inner) return inner;
  for (const [, inner] of fields) {
    const found = messageIn(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function fromHtml(text: string): string | null {
  if (!/<html|<body|<h1/i.test(text)) return null;
  const seen = text.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ');
  const body = /<body[^>]*>([\s\S]*?)(?:<\/body>|$)/i.exec(seen)?.[1] ?? seen;
  const afterTitle = stripTags(body.replace(/<h1>[\s\S]*?<\/h1>/gi, ' '));
  const title = /<title>([^<]*)<\/title>/i.exec(seen)?.[1] ?? '';
  return afterTitle.trim() || stripTags(body).trim() || title;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

function stripTags(text: string): string {
  return text
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39|#x27);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
