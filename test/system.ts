// Debian packages that the tests need: the laboratory's own, the browser and an X display to look at.
import { installPackages, PACKAGES } from './lab/system/packages.ts';

const log = process.argv[2] ?? '/dev/null';
const installed = await installPackages([...Object.values(PACKAGES).flat(), 'chromium', 'xdotool'], log);
if (installed.length > 0) console.error(`installed ${installed.join(', ')}`);
