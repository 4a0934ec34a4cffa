import { Readable } from 'node:stream';
import { spec as Spec } from 'node:test/reporters';

const TOTALS = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \d/;

/**
 * Node's reporter `spec`, but the totals of the run close it in the form of TAP (`# fail 0`), on a terminal and in a pipe alike: the
 * form of `spec` differs between versions of Node, and what watches a run searches for these lines.
 */
async function* report(events) {
  const totals = [];
  async function* others() {
    for await (const event of events) {
      const { nesting, message } = event.data;
      if (event.type === 'test:diagnostic' && nesting === 0 && TOTALS.test(message)) totals.push(`# ${message}\n`);
      else yield event;
    }
  }
  yield* Readable.from(others()).pipe(new Spec());
  yield totals.join('');
}

// biome-ignore lint/style/noDefaultExport: node:test loads the default export of a reporter
export default report;
