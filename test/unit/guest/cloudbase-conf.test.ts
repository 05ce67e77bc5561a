import { describe, expect, it } from 'vitest';
import { PROPOSED, serviceConf, unattendConf } from '../../../electron/guest/cloudbase-conf.ts';

const read = (text: string) =>
  Object.fromEntries(
    text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describe('the configuration of Cloudbase-Init', () => {
  it('serves both ways to a password: config drive first, then HTTP, and never expires it', () => {
    for (const text of [serviceConf(PROPOSED), unattendConf(PROPOSED)]) {
      const conf = read(text);
      expect(conf.metadata_services).toMatch(/configdrive\.ConfigDriveService,.*httpservice\.HttpService$/);
      expect(conf.first_logon_behaviour).toBe('no');
      expect(conf.username).toBe('Administrator');
      expect(conf.logging_serial_port_settings).toBe('COM1,115200,N,8');
      expect(text).toMatch(/^[\r\n\x20-\x7e]*$/);
      expect(text.startsWith('[DEFAULT]\r\n')).toBe(true);
    }
  });

  it('lets only the service restart Windows', () => {
    expect(read(serviceConf(PROPOSED)).allow_reboot).toBe('true');
    expect(read(unattendConf(PROPOSED))).toMatchObject({
      allow_reboot: 'false',
      stop_service_on_exit: 'false',
    });
  });

  it('takes what the plan sets instead', () => {
    const conf = read(
      serviceConf({ username: 'Admin', settings: { mtu_use_dhcp_config: 'false', san_policy: 'OnlineAll' } }),
    );
    expect(conf).toMatchObject({ username: 'Admin', mtu_use_dhcp_config: 'false', san_policy: 'OnlineAll' });
  });
});
