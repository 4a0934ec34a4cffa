import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyFixes, joinThreshold, lint, parse, splitThreshold } from '../src/promql/index.js';
import { startPrometheus } from '../src/stack/index.js';
import { CORRECT_QUERIES } from './helpers/correct-queries.js';

fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) });

const tokensOf = (expr: string) => expr.match(/"(?:\\.|[^"])*"|[\w:.]+|\s+|[=!]~|[=!<>]=|\S/g) ?? [];
const QUERIES = CORRECT_QUERIES.map(tokensOf);
// Prometheus 3 takes a name in quotes, and 2.42 does not: no text is put where none was. And 2.42 takes `offset` for a metric, and
// `without` for a label.
const TOKENS = [...new Set(QUERIES.flat())].filter(
  (token) => !token.startsWith('"') && !/^(?:offset|without)$/.test(token),
);

/** A correct query with one token taken out, put in, replaced, or twice. */
const broken = fc
  .record({
    tokens: fc.constantFrom(...QUERIES),
    at: fc.nat(200),
    other: fc.constantFrom(...TOKENS),
    how: fc.constantFrom('out', 'in', 'replaced', 'twice'),
  })
  .map(({ tokens, at, other, how }) => {
    const place = at % tokens.length;
    const instead = { out: [], in: [other, tokens[place]], replaced: [other], twice: [tokens[place], tokens[place]] }[
      how
    ];
    return [...tokens.slice(0, place), ...instead, ...tokens.slice(place + 1)].join('');
  });

// Refused when it runs, not when it is read.
const ONLY_WHEN_IT_RUNS = /duplicate series|many-to-|multiple matches/;
// What Prometheus 3 takes and 2.42 does not: durations as numbers and the reverse, its new operators and functions; and a
// number that touches a word.
const ONLY_IN_3 = /<\/|>\/|\bend\s*\(/;
const REFUSED_IN_2 = /duration|number|metric name must not be set twice/;

test('of correct queries with a token changed, those that Prometheus accepts are accepted, and those that it refuses are refused', async () => {
  const prometheus = await startPrometheus({ config: '{}' });
  const refusal = (expr: string) =>
    prometheus.query(expr).then(
      () => undefined,
      ({ message }: Error) => (ONLY_WHEN_IT_RUNS.test(message) ? undefined : message),
    );
  let refused = 0;
  try {
    const property = fc.asyncProperty(broken, async (expr) => {
      const theirs = await refusal(expr);
      const ours = parse(expr).problem?.message;
      if (theirs !== undefined) refused++;
      if (theirs === undefined) assert.equal(ours, undefined, expr);
      else assert.ok(ours !== undefined || ONLY_IN_3.test(expr) || REFUSED_IN_2.test(theirs), `${expr}: ${theirs}`);
    });
    await fc.assert(property, { numRuns: 600 });
  } finally {
    await prometheus.stop();
  }
  assert.ok(refused > 100 && refused < 550, `${refused} were refused`);
});

test('a broken query never stops the linter, its positions lie within the query, and what is fixed is PromQL', () => {
  const property = fc.property(broken, fc.boolean(), (expr, isAlert) => {
    for (const { from, to } of lint(expr, { isAlert })) assert.ok(from >= 0 && from <= to && to <= expr.length, expr);
    const fixed = applyFixes(expr, { isAlert });
    if (fixed !== undefined) assert.equal(parse(fixed).problem, undefined, `${expr} became ${fixed}`);
    const split = splitThreshold(expr);
    if (split) assert.equal(parse(joinThreshold(split)).problem, undefined, expr);
  });
  fc.assert(property, { numRuns: 600 });
});
