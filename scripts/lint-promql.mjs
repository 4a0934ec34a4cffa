import { readers, runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run lint:promql --',
  summary: 'Finds PromQL that looks right and is wrong.',
  positional: {
    key: 'files',
    value: 'FILE',
    multiple: true,
    description: 'Dashboards of Grafana and rule files of Prometheus (default: the committed ones)',
  },
  options: {
    expr: { value: 'PROMQL', reader: readers.text, multiple: true, description: 'One expression' },
    metrics: {
      value: 'URL|FILE',
      reader: readers.text,
      multiple: true,
      description: 'Page with the metrics that there are, besides the catalogue',
    },
    labels: {
      value: 'LIST',
      reader: readers.list(readers.text, 'env,cluster'),
      multiple: true,
      description: 'Labels that Prometheus adds to targets, such as env,cluster',
    },
    'scrape-interval': {
      value: 'DURATION',
      reader: readers.duration,
      description: 'How often Prometheus scrapes (default: 10s)',
    },
    json: { description: 'Prints for programs' },
  },
  notes: 'Exits with 0 where there are no mistakes or only warnings, with 1 where there are errors.',
  example: "npm run lint:promql -- --expr 'rate(rag_requests_total[10s])'",
  run: async (given) => (await load('lint-promql')).runLint(given),
});
