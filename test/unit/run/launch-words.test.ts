import { expect, test } from 'vitest';
import { newPart } from '../../../electron/cli/console.ts';
import { socketAddress } from '../../../electron/cloud/console-stream.ts';
import { rdpSources } from '../../../electron/cloud/security-groups.ts';
import { computerName } from '../../../electron/run/launch/check.ts';
import { serverNames, serverSpec } from '../../../shared/plan-server.ts';

test('several servers are called by the name and a number, one by the name alone', () => {
  expect(serverNames({ name: 'web', count: 3 })).toEqual(['web-1', 'web-2', 'web-3']);
  expect(serverNames({ name: 'web' })).toEqual(['web']);
});

test('Windows cuts its name after 15 characters', () => {
  expect(computerName('Very long server_name 7')).toBe('very-long-serve');
});

test('a password in the metadata of a plan is refused', () => {
  const plan = { name: 'a', flavor: 'b', metadata: { Admin_Pass: 'x' } };
  expect(serverSpec.safeParse(plan).error?.issues[0]?.message).toMatch(/password never stands in a plan/);
});

test('a rule for members of a group lets no address in', () => {
  const rule = { direction: 'ingress', protocol: 'tcp', port_range_min: 3000, port_range_max: 4000 };
  expect(rdpSources([{ ...rule, remote_group_id: 'g' }])).toEqual({ rdpFrom: [], rdpFromGroups: true });
  expect(rdpSources([{ ...rule, remote_ip_prefix: '10.0.0.0/8' }]).rdpFrom).toEqual(['10.0.0.0/8']);
  expect(rdpSources([{ ...rule, port_range_min: 3390 }]).rdpFrom).toEqual([]);
});

test('the WebSocket behind a noVNC page is found in its new and its old form', () => {
  expect(socketAddress('https://c:6080/vnc_lite.html?path=%3Ftoken%3Dabc')).toBe('wss://c:6080/?token=abc');
  expect(socketAddress('http://c:6080/vnc_auto.html?token=abc')).toBe('ws://c:6080/websockify?token=abc');
  expect(() => socketAddress('javascript:alert(1)')).toThrow(/no noVNC console/);
});

test('following a console log prints what is new, also when lines fell off the top', () => {
  expect(newPart('a\nb\n', 'a\nb\nc\n')).toBe('c\n');
  expect(newPart('a\nb\n', 'b\nc\n')).toBe('c\n');
  expect(newPart('a\nb\n', 'x\n')).toBe('x\n');
});
