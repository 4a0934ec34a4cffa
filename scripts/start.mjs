import { options, runCommand } from '../src/cli/index.js';
import { canShowBrowser } from './setup/browser.mjs';
import { assertInstalled, load, MISSING_JUPYTER, MISSING_PROMETHEUS, setUp } from './setup/index.mjs';
import { choosePort, openLesson } from './setup/jupyter-server.mjs';
import { say } from './setup/run.mjs';

/** The monitoring stack for the lesson's metrics; undefined, after a line that says why, where it cannot run. */
async function startStackBeside({ defaultTarget, openStack }) {
  try {
    const target = defaultTarget();
    return target && (await openStack({ target, intervalSeconds: 1 }));
  } catch (error) {
    return void say(`The lesson opens without a monitoring stack beside it: ${error.message}`);
  }
}

await runCommand({
  name: 'npm start --',
  summary:
    'Sets up what is missing, and opens the lesson in Jupyter beside Prometheus and the dashboard page, until Ctrl-C.',
  options: {
    port: options.port('Port of Jupyter (default: 8888, or the next free one)'),
    'no-browser': options.flag('Prints the address only'),
  },
  example: 'npm start -- --no-browser --port 9999',
  async run({ port, noBrowser }) {
    const { jupyter, prometheus } = await setUp();
    if (!prometheus) say(`${MISSING_PROMETHEUS}. Until then sections 1 to 5 of the lesson work.`);
    assertInstalled(jupyter, MISSING_JUPYTER);
    const chosen = await choosePort(port);
    const stackCommand = await load('open-stack');
    // Jupyter takes longer, and does not wait for it.
    const starting = prometheus ? startStackBeside(stackCommand) : undefined;
    const onOpen = async () => {
      const stack = await starting;
      if (stack) await stackCommand.showAddresses(stack);
    };
    try {
      await openLesson({ port: chosen, browser: !noBrowser && canShowBrowser(), onOpen });
    } finally {
      await (await starting)?.stop();
    }
  },
});
