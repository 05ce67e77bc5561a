import { expect, test } from 'vitest';
import { faultText, serviceError } from '../../../electron/cloud/faults.ts';

const answer = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  text,
  headers,
});

test.each([
  [
    'Nova',
    '{"badRequest": {"code": 400, "message": "Can not find requested image"}}',
    'Can not find requested image',
  ],
  [
    'Neutron',
    '{"NeutronError": {"type": "X", "message": "Quota exceeded for resources: [\'port\'].", "detail": ""}}',
    "Quota exceeded for resources: ['port'].",
  ],
  [
    'authtoken',
    '{"error": {"message": "The request you have made requires authentication.", "code": 401, "title": "Unauthorized"}}',
    'The request you have made requires authentication.',
  ],
  [
    'Glance’s HTML',
    '<html>\n <head>\n  <title>403 Forbidden</title>\n </head>\n <body>\n  <h1>403 Forbidden</h1>\n  You are not authorized to complete &quot;publicize_image&quot; action.<br /><br />\n\n\n </body>\n</html>',
    'You are not authorized to complete "publicize_image" action.',
  ],
  ['HTML with a title only', '<html><body><h1>502 Bad Gateway</h1></body></html>', '502 Bad Gateway'],
  [
    'Glance’s JSON',
    '{"message": "Denied.<br /><br />\\n", "code": "403 Forbidden", "title": "Forbidden"}',
    'Denied.',
  ],
  [
    'placement',
    '{"errors": [{"status": 404, "title": "Not Found", "detail": "No such thing."}]}',
    'No such thing.',
  ],
  ['plain text', 'rate limit\n exceeded', 'rate limit exceeded'],
  ['broken JSON', '{"badRequest": ', '{"badRequest":'],
  ['nothing', '', 'HTTP status 500 without a text'],
])('%s is read as one sentence', (_name, text, words) => {
  expect(faultText(answer(500, text))).toBe(words);
});

test('the sentence names the service, its words, the status and the request', () => {
  const error = serviceError(
    'compute',
    'launching the server "x"',
    answer(400, '{"badRequest": {"message": "No."}}', { 'x-compute-request-id': 'req-1' }),
  );
  expect(error.whatHappened).toBe(
    'While launching the server "x", Nova answered: “No.” (HTTP 400, request req-1).',
  );
});

test.each([
  [403, '{"forbidden": {"message": "Quota exceeded for instances"}}', 'cloud.quota'],
  [403, '{"forbidden": {"message": "Policy does not allow"}}', 'cloud.forbidden'],
  [413, '<html><body><h1>413</h1>Image exceeds the storage quota</body></html>', 'cloud.quota'],
  [
    413,
    '<html><body><h1>413</h1>Denying attempt to upload image larger than 5 bytes</body></html>',
    'cloud.too-large',
  ],
  [409, '', 'cloud.conflict'],
  [401, '', 'cloud.signed-out'],
  [503, '', 'cloud.service-failed'],
])('status %i with %s becomes %s', (status, text, code) => {
  expect(serviceError('image', 'doing', answer(status, text)).code).toBe(code);
});

test.each(['<', '<h1>', '<body', '<script ', ' '])('a megabyte of %j is read in no time', (piece) => {
  const text = `<html>${piece.repeat(2 ** 20 / piece.length)}`;
  const began = performance.now();
  faultText(answer(500, text));
  faultText(answer(500, JSON.stringify({ message: text })));
  expect(performance.now() - began).toBeLessThan(2000);
});

test('the message of a long JSON answer is found behind its first 16 KiB', () => {
  const text = JSON.stringify({ badRequest: { request: 'x'.repeat(20_000), message: 'No.' } });
  expect(faultText(answer(400, text))).toBe('No.');
});
