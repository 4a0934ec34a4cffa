import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { ask, findExecutable, installFromDebian, isRoot, lastLine, say, step } from './run.mjs';
import { knownTools, rememberTools } from './tools.mjs';

/** Whether a browser that is opened here would be seen. */
export const canShowBrowser = () =>
  platform() !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/** Shows an address in the browser of whoever sits here; where none opens, the address was printed anyway. */
export function openBrowser(url) {
  const program = platform() === 'darwin' ? 'open' : 'xdg-open';
  spawn(program, [url], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PROGRAMS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function findChromium() {
  const found = [findExecutable(NAMES), ...(platform() === 'darwin' ? MAC_PROGRAMS : [])];
  return found.find((path) => path && ask(path, ['--version']) !== undefined);
}

async function fromDebian() {
  if (!findExecutable(['apt-get']) || !isRoot()) return undefined;
  const title = "Installing Debian's package chromium with apt-get, for the tests of the dashboard page (about 300 MB)";
  const { ok, output } = await step(title, () => installFromDebian(['chromium']));
  if (!ok) return void say(`  not to be had (${lastLine(output)})`);
  return findChromium();
}

/** Chromium or Chrome, which only the tests need: as it is here, else Debian's. Its path, or undefined if not to be had. */
export async function ensureChromium() {
  const known = knownTools().chromium;
  if (known) return known;
  const chromium = findChromium() ?? (await fromDebian());
  if (chromium) rememberTools({ chromium });
  return chromium;
}
