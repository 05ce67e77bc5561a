// clouds.yaml, secure.yaml and openrc, as openstacksdk and the command line client read them. Pure.
import type { Secrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import { keystoneUrl } from './config.ts';

/** Names of the two clouds in clouds.yaml. */
export const CLOUD = 'casement-lab';
export const APP_CREDENTIAL_CLOUD = 'casement-lab-appcred';

/** The variables openrc sets. */
export function openrcVariables(settings: Settings, secrets: Secrets): Record<string, string> {
  return {
    OS_AUTH_URL: keystoneUrl(settings),
    OS_IDENTITY_API_VERSION: '3',
    OS_REGION_NAME: 'RegionOne',
    OS_INTERFACE: 'public',
    OS_USERNAME: 'demo',
    OS_PASSWORD: secrets.demoPassword,
    OS_PROJECT_NAME: 'demo',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  };
}

/** The files a user of the cloud has, by path. */
export function cloudFiles(
  settings: Settings,
  secrets: Secrets,
): Record<string, { text: string; mode: number }> {
  const paths = pathsIn(settings.dir);
  const common = ['    region_name: RegionOne', '    interface: public', '    identity_api_version: 3'];
  const clouds = [
    'clouds:',
    `  ${CLOUD}:`,
    '    auth:',
    `      auth_url: ${keystoneUrl(settings)}`,
    '      username: demo',
    '      project_name: demo',
    '      user_domain_name: Default',
    '      project_domain_name: Default',
    ...common,
    `  ${APP_CREDENTIAL_CLOUD}:`,
    '    auth_type: v3applicationcredential',
    '    auth:',
    `      auth_url: ${keystoneUrl(settings)}`,
    `      application_credential_id: "${secrets.appCredential?.id}"`,
    ...common,
  ];
  const secure = [
    'clouds:',
    `  ${CLOUD}:`,
    '    auth:',
    `      password: "${secrets.demoPassword}"`,
    `  ${APP_CREDENTIAL_CLOUD}:`,
    '    auth:',
    `      application_credential_secret: "${secrets.appCredential?.secret}"`,
  ];
  const openrc = Object.entries(openrcVariables(settings, secrets)).map(
    ([name, value]) => `export ${name}='${value}'`,
  );
  return {
    [paths.cloudsYaml]: { text: `${clouds.join('\n')}\n`, mode: 0o644 },
    [paths.secureYaml]: { text: `${secure.join('\n')}\n`, mode: 0o600 },
    [paths.openrc]: { text: `${openrc.join('\n')}\n`, mode: 0o600 },
  };
}
