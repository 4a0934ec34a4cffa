import { options, runCommand } from '../src/cli/index.js';
import { canShowBrowser, openBrowser } from './setup/browser.mjs';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run dashboard --',
  summary: "Grafana's dashboard without Grafana, live from a Prometheus, until Ctrl-C.",
  options: {
    prometheus: options.url('Whose data is shown (default: PROMETHEUS_URL, else the stack)'),
    alertmanager: options.url('Whose silences are shown'),
    port: options.port('Port of the page (default: 3300, or the next free one)'),
    'no-browser': options.flag('Prints the address only'),
  },
  example: 'npm run dashboard -- --prometheus http://127.0.0.1:9090',
  async run({ noBrowser, ...given }) {
    const { runDashboard } = await load('dashboard');
    return runDashboard({ ...given, onOpen: !noBrowser && canShowBrowser() ? openBrowser : undefined });
  },
});
