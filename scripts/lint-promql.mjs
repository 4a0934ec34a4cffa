import { options, runCommand } from '../src/cli/index.js';
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
    expr: options.many(options.text('PROMQL', 'One expression')),
    metrics: options.many(options.text('URL|FILE', 'Page with the metrics that there are, besides the catalogue')),
    labels: options.many(options.names('Labels that Prometheus adds to targets, such as env,cluster')),
    'scrape-interval': options.duration('How often Prometheus scrapes (default: 10s)'),
    json: options.flag('Prints for programs'),
  },
  notes: 'Exits with 0 where there are no mistakes or only warnings, with 1 where there are errors.',
  example: "npm run lint:promql -- --expr 'rate(rag_requests_total[10s])'",
  run: async (given) => (await load('lint-promql')).runLint(given),
});
