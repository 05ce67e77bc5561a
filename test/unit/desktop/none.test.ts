import { expect, it } from 'vitest';
import { noDesktop } from '../../../electron/desktop/none.ts';

it('a front without a desktop says which address to copy instead of opening nothing in silence', async () => {
  await expect(noDesktop.openExternal('https://docs.openstack.org/')).rejects.toMatchObject({
    code: 'desktop.no-browser',
    whatHappened: expect.stringContaining('https://docs.openstack.org/'),
    whatToDo: expect.stringContaining('Copy the address'),
  });
});
