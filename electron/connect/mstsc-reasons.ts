// Why Remote Desktop Connection disconnected, as far as its own event log tells. Pure.
import { CasementError } from '../../shared/errors.ts';
import {
  accountDisabled,
  accountLocked,
  mustChange,
  noSecurity,
  notAllowed,
  type Sentence,
  wrongPassword,
} from './refusals.ts';

/** The number that the session's script printed; null when there is none. */
export function reasonOf(output: string): number | null {
  const found = /casement-reason (\d+)/.exec(output)?.[1];
  return found === undefined ? null : Number(found);
}

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
      return wrongPassword('The server', user);
    case 2823:
      return accountDisabled(user);
    case 3079:
      return notAllowed(user);
    case 3335:
      return accountLocked(user);
    case 3591:
    case 3847:
    case 4615:
      return mustChange(user);
    case 2825:
    case 5639:
    case 5895:
      return noSecurity(
        'Network Level Authentication was refused by the server or by a policy of this computer.',
      );
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
