// Checks of the way in: Remote Desktop, the firewall, Cloudbase-Init. Pure. Source of a rule's fields: Microsoft,
// [MS-GPFAS] "Firewall Rule and the Firewall Rule Grammar Rule"; of the values: "Remote Desktop" in the unattend reference.
import type { DiskFacts } from './inspect-facts.ts';
import {
  clipped,
  type Finding,
  failed,
  hiddenOf,
  IN_WINDOWS,
  isThere,
  number,
  passed,
  SYSPREP_AGAIN,
  tell,
  unknown,
  warned,
} from './inspect-words.ts';

/** Values of a service's Start. */
const AUTOMATIC = 2;
const ON_DEMAND = 3;
const DISABLED = 4;
const RDP_PORT = 3389;
const TCP = '6';

/** Whether Windows lets anybody in by Remote Desktop. */
export function rdp({ values }: DiskFacts): Finding {
  const { denyRdp, nla, rdpService } = values;
  const hidden = hiddenOf(denyRdp);
  if (hidden.length > 0) return unknown(...hidden);
  const evidence = [tell(denyRdp), tell(nla), tell(rdpService)];
  if (number(denyRdp) !== 0)
    return failed(
      `Nobody could open the desktop of a server. ${IN_WINDOWS} and allow Remote Desktop: reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server" /v fDenyTSConnections /t REG_DWORD /d 0 /f   ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  if (number(rdpService) === DISABLED)
    return failed(
      `The service TermService is disabled. ${IN_WINDOWS} and run: sc config TermService start= demand   ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  if (number(nla) === 0)
    return warned(
      'Windows asks for the password only after the connection stands (no Network Level Authentication). Set UserAuthentication to 1 unless old clients must come in.',
      ...evidence,
    );
  return passed(...evidence);
}

const PROFILES = ['Domain', 'Private', 'Public'] as const;
type Profile = (typeof PROFILES)[number];

/** A firewall rule that lets Remote Desktop in, and on which networks. */
interface Opening {
  readonly name: string;
  readonly profiles: readonly Profile[];
  readonly restricted: boolean;
}

/** The rule as an opening for TCP to `port`; null when it is none. Profiles not named are all. */
export function opening(name: string, rule: string, port: number): Opening | null {
  const fields = rule.split('|').map((field) => {
    const at = field.indexOf('=');
    return [field.slice(0, at).toLowerCase(), field.slice(at + 1)] as const;
  });
  const all = (key: string) => fields.filter(([field]) => field === key).map(([, value]) => value);
  const is = (key: string, value: string) => all(key)[0]?.toLowerCase() === value;
  if (!is('action', 'allow') || !is('active', 'true') || !is('dir', 'in')) return null;
  const protocol = all('protocol')[0];
  if (protocol !== undefined && protocol !== TCP) return null;
  const ports = [...all('lport'), ...all('lport2_10')];
  if (protocol !== undefined && ports.length > 0 && !ports.some((each) => covers(each, port))) return null;
  // Without a port the rule is for a program; only that of Remote Desktop is meant.
  if (ports.length === 0 && !is('svc', 'termservice')) return null;
  const named = all('profile').map((value) => value.toLowerCase());
  const profiles = PROFILES.filter((profile) => named.length === 0 || named.includes(profile.toLowerCase()));
  return { name, profiles, restricted: fields.some(([field]) => /^ra[46]/.test(field)) };
}

function covers(range: string, port: number): boolean {
  const [first = Number.NaN, last = first] = range.split('-').map(Number);
  return first <= port && port <= last;
}

/** Whether the firewall lets Remote Desktop through where a cloud's network counts: Windows takes it for a public one. */
export function firewall({ values, firewallRules }: DiskFacts): Finding {
  const { firewallDomain, firewallPrivate, firewallPublic, rdpPort } = values;
  const port = number(rdpPort) ?? RDP_PORT;
  const hidden = hiddenOf(firewallRules, firewallPublic);
  if (hidden.length > 0) return unknown(...hidden);
  const rules = firewallRules.state === 'found' ? firewallRules.value : [];
  const openings = rules.flatMap(({ name, rule }) => opening(name, rule, port) ?? []);
  const off: Profile[] = [];
  if (number(firewallDomain) === 0) off.push('Domain');
  if (number(firewallPrivate) === 0) off.push('Private');
  if (number(firewallPublic) === 0) off.push('Public');
  const open = (profile: Profile) =>
    off.includes(profile) || openings.some(({ profiles }) => profiles.includes(profile));
  const evidence = [
    openings.length === 0
      ? `${firewallRules.where}: no active rule lets TCP port ${port} in`
      : `${firewallRules.where}: ${clipped(openings.map(({ name, profiles }) => `${name} (${profiles.join(', ')})`).join(', '))}`,
    ...(off.length > 0 ? [`The firewall is off for: ${off.join(', ')}`] : []),
  ];
  if (!open('Public'))
    return failed(
      `The firewall would keep Remote Desktop out${openings.length > 0 ? ' on a public network, which a cloud is for Windows' : ''}. ${IN_WINDOWS} and run: netsh advfirewall firewall set rule group="@FirewallAPI.dll,-28752" new enable=yes   (for all profiles, as wf.msc shows), ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  if (!PROFILES.every(open))
    return warned(
      'The rule is missing on some kinds of network. Switch it on for all profiles if servers join a domain.',
      ...evidence,
    );
  if (!off.includes('Public') && openings.every(({ restricted }) => restricted))
    return warned('The rule only lets some addresses in. Check that your own are among them.', ...evidence);
  return passed(...evidence);
}

/** Whether Cloudbase-Init prepares each new server. */
export function cloudbaseInit({ values, texts, keys }: DiskFacts): Finding {
  const { cloudbaseStart } = values;
  const { setupComplete, cloudbaseConf } = texts;
  const hidden = hiddenOf(cloudbaseStart, cloudbaseConf);
  if (hidden.length > 0) return unknown(...hidden);
  const start = number(cloudbaseStart);
  const starts = setupComplete.state === 'found' && /cloudbase-init/i.test(setupComplete.value);
  const evidence = [
    tell(cloudbaseStart),
    tell(setupComplete, () => (starts ? 'starts it' : 'does not start it')),
    tell(cloudbaseConf, isThere),
  ];
  const install = `${IN_WINDOWS}, run the Cloudbase-Init installer, ${SYSPREP_AGAIN}.`;
  if (start === null)
    return failed(`No server would get its name, keys or password. ${install}`, ...evidence);
  if (cloudbaseConf.state !== 'found') return failed(`Its configuration is gone. ${install}`, ...evidence);
  if (start === DISABLED || start > DISABLED || (start === ON_DEMAND && !starts))
    return failed(
      `The service is there, but nothing starts it. ${IN_WINDOWS} and run: sc config cloudbase-init start= auto   ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  if (keys.cloudbaseRuns.state === 'found' && keys.cloudbaseRuns.value.length > 0)
    return warned(
      `It has already run on this disk: servers keep what it left there. Delete the key "HKLM\\SOFTWARE\\Cloudbase Solutions\\Cloudbase-Init" before Sysprep.`,
      ...evidence,
      tell(keys.cloudbaseRuns, (names) => `has ${clipped(names.join(', '))}`),
    );
  return passed(start === AUTOMATIC ? 'Starts by itself' : 'Starts at the end of Setup', ...evidence);
}

/** Settings of Cloudbase-Init that decide whether the first login works. */
export function cloudbaseSettings({ texts, values }: DiskFacts): Finding {
  const conf = texts.cloudbaseConf;
  if (values.cloudbaseStart.state === 'absent' || conf.state === 'absent')
    return { ...unknown('Cloudbase-Init is not installed'), remedy: 'Install Cloudbase-Init first.' };
  if (conf.state === 'unreadable') return unknown(tell(conf));
  const setting = (name: string) =>
    new RegExp(`^[ \\t]*${name}[ \\t]*[=:][ \\t]*([^\\r\\n]*)`, 'im').exec(conf.value)?.[1]?.trim();
  const logon = setting('first_logon_behaviour');
  const services = setting('metadata_services');
  const evidence = [
    `${conf.where}: first_logon_behaviour ${logon === undefined ? 'is not set' : `= ${clipped(logon)}`}`,
    `metadata_services ${services === undefined ? 'is not set' : `= ${clipped(services)}`}`,
  ];
  const remedies: string[] = [];
  if (logon?.toLowerCase() !== 'no')
    remedies.push(
      'A chosen password has to be changed at the first login, which Network Level Authentication cannot do: set first_logon_behaviour=no.',
    );
  const drive = services?.search(/ConfigDrive/i) ?? -1;
  const http = services?.search(/HttpService/i) ?? -1;
  if (services === undefined || (http >= 0 && (drive < 0 || http < drive)))
    remedies.push(
      'The metadata server is asked before the config drive, and only the latter carries a chosen password: name ConfigDriveService first in metadata_services.',
    );
  return remedies.length > 0 ? warned(remedies.join(' '), ...evidence) : passed(...evidence);
}
