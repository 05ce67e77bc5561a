// The desktop of the fronts that have none: the served page and the command line.
import { CasementError } from '../../shared/errors.ts';
import type { Desktop } from './port.ts';

/** Opens nothing: throws `desktop.no-browser`, which names the address to copy. */
export const noDesktop: Desktop = {
  openExternal: async (url) => {
    throw new CasementError({
      code: 'desktop.no-browser',
      title: 'Casement cannot open a browser from here',
      whatHappened: `The address is ${url}`,
      whatToDo: 'Copy the address and open it in the browser of your own computer.',
    });
  },
};
