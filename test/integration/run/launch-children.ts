// A process that launches five servers, to be killed in the middle: argv is image id, tag, key file, key pair.
import { launchServers } from '../../../electron/run/launch/index.ts';
import { labCloud } from '../cloud/lab-cloud.ts';
import { wishOf } from './launch-wish.ts';

const [imageId = '', tag = '', privateKey = '', keypair = ''] = process.argv.slice(2);
const cloud = await labCloud();
const image = await cloud.image(imageId);
if (!image) throw new Error('the image is gone');
await launchServers(cloud, wishOf(image, tag, { count: 5, keypair, privateKey }), {
  onChange: async (servers) => {
    process.stdout.write(`${servers.map(({ state }) => state).join(' ')}\n`);
  },
  signal: new AbortController().signal,
});
