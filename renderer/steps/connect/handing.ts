// How the password gets into the chosen RDP program. Pure.
import type { RdpClientView } from '../../../shared/views.ts';
import type { Draft } from '../../state/draft.ts';

/** The program that takes no password from outside; the admin pastes it. */
const PASTES = 'windows-app';

/** Whether Casement hands the password over or the admin pastes it. `auto` is the first program found, as the backend chooses. */
export function handing(
  chosen: Draft['connect']['client'],
  found: readonly Pick<RdpClientView, 'id'>[],
): 'handed' | 'pasted' {
  const client = chosen === 'auto' ? found[0]?.id : chosen;
  return client === PASTES ? 'pasted' : 'handed';
}
