// Error answers that nobody wrote for this program: proxies, broken services, somebody who means harm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultText, serviceError } from '../../../electron/cloud/faults.ts';
import { projectsFrom, tokenFrom } from '../../../electron/cloud/identity.ts';

const answer = (text: string, status = 500, headers: Record<string, string> = {}) => ({
  status,
  text,
  headers,
});

/** Bodies near to what services send, and far from it. */
const body = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.json({ maxDepth: 6 }),
  fc.string().map((words) => `<html><body><h1>502</h1>${words}</body></html>`),
  fc.string().map((message) => JSON.stringify({ badRequest: { message, code: 400 } })),
  fc
    .array(fc.constantFrom('<', '>', '&lt;', '<h1>', '</body>', '<!--', '"', '\\', '{', '\n', 'x'), {
      maxLength: 300,
    })
    .map((parts) => parts.join('')),
);

test('whatever comes becomes one sentence of bounded length, without line breaks and control characters', () => {
  fc.assert(
    fc.property(body, fc.integer({ min: 300, max: 599 }), (text, status) => {
      const words = faultText(answer(text, status));
      expect(words.length).toBeGreaterThan(0);
      expect(words.length).toBeLessThanOrEqual(401);
      expect(words).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      const error = serviceError('compute', 'doing', answer(text, status));
      expect(error.code).toMatch(/^cloud\./);
      expect(error.detail.length).toBeLessThanOrEqual(4000);
    }),
  );
});

test('the words that a service chose are found in every one of its forms', () => {
  const words = fc.stringMatching(/^[A-Z][a-z0-9 ,.]{3,60}[a-z]$/).map((text) => text.replace(/ +/g, ' '));
  const forms: ((message: string) => string)[] = [
    (message) => JSON.stringify({ badRequest: { code: 400, message } }),
    (message) => JSON.stringify({ NeutronError: { type: 'X', message, detail: '' } }),
    (message) => JSON.stringify({ error: { message, code: 401, title: 'Unauthorized' } }),
    (message) => JSON.stringify({ errors: [{ status: 404, title: 'Not Found', detail: message }] }),
    (message) => JSON.stringify({ error_message: message }),
    (message) => JSON.stringify({ faultstring: message, debuginfo: null }),
    (message) =>
      `<html><head><title>403</title></head><body><h1>403 Forbidden</h1>${message}<br /></body></html>`,
    (message) => message,
  ];
  fc.assert(
    fc.property(words, fc.constantFrom(...forms), (message, form) => {
      expect(faultText(answer(form(message)))).toBe(message);
    }),
  );
});

test('a request id is quoted only when it is one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      const { whatHappened } = serviceError(
        'image',
        'doing',
        answer('', 500, { 'x-openstack-request-id': id }),
      );
      expect(whatHappened).not.toMatch(/\p{Cc}/u);
      expect(whatHappened.length).toBeLessThan(300);
    }),
  );
  const real = 'req-8e3e5a5c-1f7f-4b0e-9a44-3bb0a3f2f7c1';
  for (const header of ['x-openstack-request-id', 'x-compute-request-id', 'x-trans-id', 'x-request-id'])
    expect(serviceError('image', 'doing', answer('', 500, { [header]: real })).whatHappened).toContain(real);
});

test('a proxy’s page is told by its title, its style and script are not words', () => {
  const page =
    '<!DOCTYPE html><html><head><title>Blocked by Corp</title><style>body{color:red}</style></head><body><script>alert(1)</script><div>Your request was <b>blocked</b>.</div></body></html>';
  expect(faultText(answer(page, 403))).toBe('Your request was blocked .');
  expect(
    faultText(answer('<html><head><title>504 Gateway Time-out</title></head><body></body></html>', 504)),
  ).toBe('504 Gateway Time-out');
});

test('a sign-in’s answer of any shape is a token, a list, or a sentence', () => {
  fc.assert(
    fc.property(body, (text) => {
      expect(Array.isArray(projectsFrom(text))).toBe(true);
      expect(() => tokenFrom('t', text)).toThrow(expect.objectContaining({ code: 'cloud.not-keystone' }));
    }),
  );
});
