// Where the Administrator password of a launched server comes from.
import type { RunView, ServerPassword } from '../../../shared/views.ts';
import type { Model } from '../../state/model.ts';

/** The password typed in this window or decrypted from the cloud; says why when there is none. */
export async function passwordOf(model: Model, run: RunView): Promise<ServerPassword> {
  const { server, cloud } = run.plan;
  if (server?.adminPass) {
    const typed = model.typed(server.adminPass);
    return typed === undefined
      ? {
          state: 'never',
          reason: 'You chose it yourself when you launched the server; Casement does not show it again.',
        }
      : { state: 'known', password: typed };
  }
  if (!cloud || !run.serverId || !server?.privateKey)
    return { state: 'never', reason: 'The plan names no private key file that could decrypt it.' };
  const passphrase = server.privateKeyPassphrase ? model.typed(server.privateKeyPassphrase) : undefined;
  return model.client.call('cloud.password', {
    cloud,
    server: run.serverId,
    privateKey: server.privateKey,
    ...(passphrase ? { passphrase } : {}),
  });
}
