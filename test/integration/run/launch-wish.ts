// A launch in the laboratory: what the tests of launching share.
import { type ServerSpec, serverSpec } from '../../../shared/plan-server.ts';
import type { ImageView } from '../../../shared/views.ts';
import { labEnv } from '../lab.ts';

/** The wish for servers of this tag; `more` changes the plan's part, `password` is the chosen one. */
export function wishOf(
  image: ImageView,
  tag: string,
  more: Partial<ServerSpec>,
  password: string | null = null,
) {
  const name = tag.split(':').at(-1) ?? tag;
  const chosen = password === null ? {} : { adminPass: 'env:CHOSEN' };
  return {
    spec: serverSpec.parse({ name, flavor: 'm1.small', network: labEnv().network, ...chosen, ...more }),
    image,
    need: { minDiskGB: 1, minRamMB: 64 },
    tag,
    password,
    passphrase: undefined,
  };
}
