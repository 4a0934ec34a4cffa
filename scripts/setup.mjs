import { MISSING_JUPYTER, MISSING_PROMETHEUS, main, setUp } from './setup/index.mjs';
import { say } from './setup/run.mjs';

// npm run setup: everything that npm start and npm test would install, and nothing else.
await main(async () => {
  const { jupyter, prometheus } = await setUp();
  if (!jupyter) say(MISSING_JUPYTER);
  if (!prometheus) say(MISSING_PROMETHEUS);
  if (jupyter && prometheus) say('Everything is set up: npm start opens the lesson.');
});
