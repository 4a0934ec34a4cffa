import { number, text } from './setting.js';

/** What the lesson, the demo and the stack without Docker can be given. */
export const lessonSettings = {
  STACK_FOLDER: text(
    '.cache/stack',
    'Folder in which Prometheus and Alertmanager keep their data without Docker; a relative one lies in the project',
  ),
  LLM_TIME_SCALE: number(1, { max: 10 }, 'factor', "Stretches the simulated LLM's 1 to 3 seconds; 0 answers at once"),
} as const;
