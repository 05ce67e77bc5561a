// npm run practice: the whole way on this computer, unattended: laboratory, build, cloud, login. Needs Debian 12 and root.
import { join } from 'node:path';
import { ensureDependencies, ownNode, root, run } from './bootstrap.mjs';

ensureDependencies();
process.exitCode = await run(ownNode(), [join(root, 'test', 'lab', 'practice.ts'), ...process.argv.slice(2)]);
