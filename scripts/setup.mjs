import { runCommand } from '../src/cli/index.js';
import { MISSING_JUPYTER, MISSING_PROMETHEUS, setUp } from './setup/index.mjs';
import { say } from './setup/run.mjs';

await runCommand({
  name: 'npm run setup --',
  summary: 'Installs and compiles what npm start and npm test need, and nothing else.',
  example: 'npm run setup',
  async run() {
    const { jupyter, prometheus } = await setUp();
    if (!jupyter) say(MISSING_JUPYTER);
    if (!prometheus) say(MISSING_PROMETHEUS);
    if (jupyter && prometheus) say('Everything is set up: npm start opens the lesson.');
  },
});
