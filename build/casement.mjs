// npm run -s casement -- …: the command line, under whatever Node is on PATH. Standard output is the command's alone.
import { join } from 'node:path';
import { ensureDependencies, ownNode, root, run } from './bootstrap.mjs';

ensureDependencies();
// npm runs scripts in the checkout; paths on the command line mean the folder that npm was called in.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await run(ownNode(), [join(root, 'electron', 'cli.ts'), ...process.argv.slice(2)], {
  cwd,
});
