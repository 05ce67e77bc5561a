// The two configuration files of Cloudbase-Init: one for its run inside of Sysprep's specialize, one for its service.
// Pure. Source: cloudbase-init's cloudbaseinit/conf/*.py and the files that its installer writes.

/** Where its installer puts it. */
export const CLOUDBASE_FOLDER = 'C:\\Program Files\\Cloudbase Solutions\\Cloudbase-Init';

export interface CloudbaseSettings {
  /** Account that gets the password. */
  readonly username: string;
  /** Settings that replace the proposed ones in the service's file. */
  readonly settings: Readonly<Record<string, string>>;
}

export const PROPOSED: CloudbaseSettings = { username: 'Administrator', settings: {} };

const SERVICE = 'cloudbaseinit.metadata.services';
/**
 * The config drive first: only there is a chosen password (`admin_pass`). A server without one gets its settings over
 * HTTP, and only there can a generated password be handed over.
 */
const METADATA = [`${SERVICE}.configdrive.ConfigDriveService`, `${SERVICE}.httpservice.HttpService`].join(
  ',',
);

/** What both files say. */
const COMMON = {
  log_dir: `${CLOUDBASE_FOLDER}\\log\\`,
  bsdtar_path: `${CLOUDBASE_FOLDER}\\bin\\bsdtar.exe`,
  mtools_path: `${CLOUDBASE_FOLDER}\\bin\\`,
  // Nova keeps what comes over this line as the server's console log.
  logging_serial_port_settings: 'COM1,115200,N,8',
  metadata_services: METADATA,
  check_latest_version: 'false',
  mtu_use_dhcp_config: 'true',
};

/** `cloudbase-init.conf`, for the service that runs at every start. */
export function serviceConf({ username, settings }: CloudbaseSettings): string {
  return ini({
    username,
    groups: 'Administrators',
    inject_user_password: 'true',
    // A password that must be changed at the first sign-in locks out everybody who comes over Remote Desktop with NLA.
    first_logon_behaviour: 'no',
    allow_reboot: 'true',
    stop_service_on_exit: 'true',
    ntp_use_dhcp_config: 'true',
    // Nova gives os_type=windows a clock in local time.
    real_time_clock_utc: 'false',
    log_file: 'cloudbase-init.log',
    local_scripts_path: `${CLOUDBASE_FOLDER}\\LocalScripts\\`,
    ...COMMON,
    ...settings,
  });
}

/** `cloudbase-init-unattend.conf`, for the one run before the first sign-in: it must not restart Windows by itself. */
export function unattendConf({ username }: CloudbaseSettings): string {
  return ini({
    username,
    groups: 'Administrators',
    inject_user_password: 'true',
    first_logon_behaviour: 'no',
    allow_reboot: 'false',
    stop_service_on_exit: 'false',
    log_file: 'cloudbase-init-unattend.log',
    plugins: [
      'cloudbaseinit.plugins.common.mtu.MTUPlugin',
      'cloudbaseinit.plugins.common.sethostname.SetHostNamePlugin',
      'cloudbaseinit.plugins.windows.extendvolumes.ExtendVolumesPlugin',
    ].join(','),
    ...COMMON,
  });
}

function ini(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return ['[DEFAULT]', ...lines, ''].join('\r\n');
}
