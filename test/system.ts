// Debian packages that the tests need beside the laboratory's own: the browser and an X display to look at.
import { installPackages } from './lab/system/packages.ts';

const log = process.argv[2] ?? '/dev/null';
const installed = await installPackages(['chromium', 'xvfb', 'xdotool', 'imagemagick', 'x11-utils'], log);
if (installed.length > 0) console.error(`installed ${installed.join(', ')}`);
