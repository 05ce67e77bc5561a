// Checks before a launch that decide whether anybody will be able to sign in. Pure.
import { passwordRules } from '../../../shared/passwords.ts';
import { MOST_USER_DATA } from '../../../shared/plan-server.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';
import { chosenNetworks } from './choose.ts';
import { judge } from './judge.ts';
import type { LaunchFacts } from './types.ts';

/** What Cloudbase-Init and cloud-init know user data by. */
const USER_DATA_KINDS =
  /^(#cloud-config|#ps1_sysnative|#ps1_x86|#ps1|#!|rem cmd|<powershell>|<script>|content-type:)/i;

/** Findings about key pair, password, config drive, metadata and user data. */
export function checkPassword(facts: LaunchFacts): LaunchFinding[] {
  const password = facts.spec.adminPass === undefined ? generated(facts) : chosen(facts);
  return [...password, ...configDrive(facts), ...metadata(facts), ...userData(facts)];
}

function generated({ spec, keypairs, keyFile }: LaunchFacts): LaunchFinding[] {
  const { passed, warned, failed } = judge('key', 'Key pair');
  if (spec.keypair === undefined)
    return [
      failed(
        'Windows makes the password and encrypts it to a key pair, but none is named.',
        'Choose an RSA key pair, or choose the password yourself.',
      ),
    ];
  const pair = keypairs.find(({ name }) => name === spec.keypair);
  if (!pair)
    return [
      failed(
        `Nova knows no key pair "${spec.keypair}" of this account.`,
        `Choose one of: ${keypairs.map(({ name }) => name).join(', ') || 'there is none yet; create one'}.`,
      ),
    ];
  if (!pair.canReceivePassword)
    return [
      failed(
        `The key pair "${pair.name}" is of type ${pair.type}. Windows encrypts its password with RSA keys only, and with any other key nobody ever learns it.`,
        'Choose or create an RSA key pair (ssh-rsa), or choose the password yourself.',
      ),
    ];
  if (spec.privateKey === undefined)
    return [
      failed(
        'No private key file is named that could decrypt the password.',
        'Name the private key file of the key pair, or choose the password yourself.',
      ),
    ];
  if (keyFile === null)
    return [
      warned(
        'The private key file is locked, so it was not compared with the key pair.',
        'Check that its passphrase is right and that it belongs to this key pair.',
      ),
    ];
  if ('problem' in keyFile) return [failed(keyFile.problem, 'Choose the private key file of the key pair.')];
  // Nova's fingerprints of SSH keys are MD5; anything else cannot be compared.
  if (/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/.test(pair.fingerprint) && pair.fingerprint !== keyFile.fingerprint)
    return [
      failed(
        `The private key file does not belong to the key pair "${pair.name}": it could not decrypt the password.`,
        'Choose the file that was made together with this key pair, or another key pair.',
      ),
    ];
  return [passed('The password can be received with this key pair and decrypted here.')];
}

function chosen({ password, account }: LaunchFacts): LaunchFinding[] {
  const { passed, warned, failed } = judge('password', 'Password');
  if (password === null) return [];
  const broken = passwordRules(password, account).filter(({ kept }) => !kept);
  if (broken.length > 0)
    return [
      failed(
        `Windows would ignore the chosen password without a word, because it breaks these rules: ${broken.map(({ text }) => text).join('; ')}.`,
        'Choose another password.',
      ),
    ];
  return [
    passed('The chosen password keeps the rules of Windows.'),
    warned(
      'Everybody in the project can read the chosen password in the metadata of the server.',
      'Remove it from the metadata after the first sign-in; Casement offers to.',
    ),
  ];
}

/**
 * Casement's images ask the config drive first and the metadata service only without one. A generated password can be
 * handed over to the metadata service only, so a config drive keeps it inside for ever.
 */
function configDrive(facts: LaunchFacts): LaunchFinding[] {
  const { spec, image } = facts;
  const { passed, warned, failed } = judge('config-drive', 'Config drive');
  const forced = image?.properties.img_config_drive === 'mandatory';
  const attached = spec.configDrive === true || forced;
  if (attached && spec.adminPass === undefined)
    return [
      failed(
        `${forced ? 'The image asks for a config drive' : 'With a config drive'}${forced ? ', and with one' : ''} Windows reads its settings there, and from there it cannot report the password that it makes.`,
        forced
          ? 'Choose the password yourself, or remove the property img_config_drive from the image.'
          : 'Switch the config drive off, or choose the password yourself.',
      ),
    ];
  const blind = chosenNetworks(facts).found.filter(({ dhcp }) => !dhcp);
  if (!attached && blind.length > 0)
    return [
      warned(
        `The network "${blind[0]?.name}" hands out no addresses (DHCP is off), so Windows may reach no metadata service.`,
        'Switch the config drive on and choose the password yourself, or take another network.',
      ),
    ];
  return attached
    ? [passed('Windows reads its settings and the chosen password from the config drive.')]
    : [];
}

function metadata({ spec, limits }: LaunchFacts): LaunchFinding[] {
  const { passed, failed } = judge('metadata', 'Metadata');
  const count = Object.keys(spec.metadata ?? {}).length + (spec.adminPass === undefined ? 0 : 1);
  if (count === 0) return [];
  return limits.metadataItems !== null && count > limits.metadataItems
    ? [
        failed(
          `Each server would have ${count} entries of metadata, and the cloud takes ${limits.metadataItems}.`,
          'Remove some of them.',
        ),
      ]
    : spec.metadata === undefined
      ? []
      : [
          passed(
            count === 1
              ? 'One entry of metadata is within the limit.'
              : `${count} entries of metadata are within the limit.`,
          ),
        ];
}

function userData({ userData: text }: LaunchFacts): LaunchFinding[] {
  const { passed, warned, failed } = judge('user-data', 'User data');
  if (text === null) return [];
  if (typeof text !== 'string') return [failed(text.problem, 'Choose another file.')];
  const bytes = Math.ceil(Buffer.byteLength(text, 'utf8') / 3) * 4;
  if (bytes > MOST_USER_DATA)
    return [
      failed(
        `The user data is too long: it has ${bytes} bytes as Nova counts them (base64), and Nova takes ${MOST_USER_DATA}.`,
        'Make it shorter, or let it download the rest.',
      ),
    ];
  if (!USER_DATA_KINDS.test(text))
    return [
      warned(
        'The user data does not begin as Cloudbase-Init knows it, so Windows will not run it.',
        'Begin it with #ps1_sysnative for PowerShell or with #cloud-config.',
      ),
    ];
  return [passed('Cloudbase-Init runs the user data at the first start.')];
}
