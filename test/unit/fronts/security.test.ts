import { describe, expect, it } from 'vitest';
import { externalAllowed, pageFile, trustedSender } from '../../../electron/security.ts';

describe('the page folder', () => {
  it('gives its own files and the start page', () => {
    expect(pageFile('/')).toBe('index.html');
    expect(pageFile('/assets/index-B3_x.js')).toBe('assets/index-B3_x.js');
  });
  it('never gives a path outside itself', () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/x',
      '/a/../b',
      '/a\\..\\b',
      '/.env',
      '/a//b',
      '/%00',
      '/%',
    ])
      expect(pageFile(path)).toBeNull();
  });
});

describe('a message over IPC', () => {
  it('is trusted from the main frame of our own origin only', () => {
    expect(trustedSender({ url: 'app://casement/index.html', isMain: true })).toBe(true);
    expect(trustedSender({ url: 'app://casement/index.html', isMain: false })).toBe(false);
    expect(trustedSender({ url: 'app://casement.evil.example/', isMain: true })).toBe(false);
    expect(trustedSender({ url: 'https://casement/', isMain: true })).toBe(false);
    expect(trustedSender(null)).toBe(false);
  });
});

describe('the browser of the desktop', () => {
  it('is opened for known https pages only', () => {
    expect(externalAllowed('https://docs.openstack.org/nova/')).toBe(true);
    for (const address of [
      'http://docs.openstack.org/',
      'https://docs.openstack.org.evil.example/',
      'https://docs.openstack.org@evil.example/',
      'https://user@docs.openstack.org/',
      'https://docs.openstack.org:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'nonsense',
    ])
      expect(externalAllowed(address), address).toBe(false);
  });
});
