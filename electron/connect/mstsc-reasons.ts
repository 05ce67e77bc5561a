// Why Remote Desktop Connection disconnected, as far as its own event log tells. Pure.
import { CasementError } from '../../shared/errors.ts';

/** The number that the session's script printed; null when there is none. */
export function reasonOf(output: string): number | null {
  const found = /casement-reason (\d+)/.exec(output)?.[1];
  return found === undefined ? null : Number(found);
}

type Sentence = readonly [code: string, title: string, whatHappened: string, whatToDo: string];

/** The sentence of a reason; null for those that say nothing more. Source: IMsTscAxEvents::OnDisconnected. */
export function reasonError(reason: number, user: string): CasementError | null {
  const found = sentence(reason, user);
  if (!found) return null;
  const [code, title, whatHappened, whatToDo] = found;
  return new CasementError({ code, title, whatHappened, whatToDo, detail: `mstsc reason ${reason}` });
}

function sentence(reason: number, user: string): Sentence | null {
  switch (reason) {
    case 2055:
    case 2567:
      return [
        'connect.wrong-password',
        'User name or password is wrong',
        `The server refused ${user} with this password.`,
        'Check the password. A chosen password that breaks the Windows rules is ignored in silence: then ask Nova for the generated one.',
      ];
    case 2823:
      return [
        'connect.disabled',
        'The account is disabled',
        `Windows has ${user} switched off.`,
        'Enable the account on the console of the server.',
      ];
    case 3079:
      return [
        'connect.not-allowed',
        'The account may not use Remote Desktop',
        `Windows knows ${user} but does not let it sign in from afar.`,
        'Add the account to "Remote Desktop Users", or use Administrator.',
      ];
    case 3335:
      return [
        'connect.locked',
        'The account is locked',
        `Windows locked ${user} after too many wrong passwords.`,
        'Wait ten minutes, or unlock the account on the console of the server.',
      ];
    case 3591:
    case 3847:
    case 4615:
      return [
        'connect.must-change',
        'Windows wants a new password first',
        `The password of ${user} has expired or must be changed at the next logon, which cannot be done over NLA.`,
        'Sign in once on the console of the server, or set first_logon_behaviour=no for Cloudbase-Init in the image.',
      ];
    case 2825:
    case 5639:
    case 5895:
      return [
        'connect.security',
        'Client and server agree on no security layer',
        'Network Level Authentication was refused by the server or by a policy of this computer.',
        'Check the Remote Desktop settings of the server, or use another client.',
      ];
    case 260:
    case 264:
    case 516:
    case 520:
    case 1796:
      return [
        'connect.unreachable',
        'The server is not reachable',
        'Remote Desktop Connection got no answer.',
        'Check the security group (TCP 3389 inwards), whether the server needs a floating IP, and a VPN.',
      ];
    default:
      return null;
  }
}
