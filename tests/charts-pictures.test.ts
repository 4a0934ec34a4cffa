import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  bucketOption,
  bucketsOf,
  type Dashboard,
  notDrawn,
  type Panel,
  panelRequests,
  panelSize,
  readPanel,
  resolveVariables,
  type Series,
  themeOf,
  type View,
} from '../src/charts/index.js';
import { renderDashboard } from '../src/charts/render/html.js';
import { renderOption, renderPanel } from '../src/charts/render/svg.js';
import { contrast } from '../src/charts/style/theme.js';
import { dashboardInCell, panelInCell } from '../src/lesson/panels-in-cells.js';
import { startWithDashboardPast, TRUTHS } from './helpers/dashboard-past.js';
import { inRepository, knownTools, readRepositoryFile } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const dashboard: Dashboard = JSON.parse(readRepositoryFile('grafana_dash.json'));
const panels = dashboard.panels ?? [];
const panelNamed = (title: string) => panels.find((panel) => panel.title === title) as Panel;

/** The texts of an SVG; Python's parser, as strict as a browser's, refuses what is not well-formed. */
function textsOf(svg: string): string[] {
  const script =
    'import json, sys, xml.etree.ElementTree as tree\n' +
    'print(json.dumps([one.text or "" for one in tree.fromstring(sys.stdin.read()).iter() if one.tag.endswith("}text")]))';
  return JSON.parse(
    execFileSync(knownTools().jupyterPython ?? 'python3', ['-c', script], { input: svg, encoding: 'utf8' }),
  );
}

describe('a dashboard over a real Prometheus', () => {
  let prometheus: Awaited<ReturnType<typeof startWithDashboardPast>>;
  before(async () => {
    prometheus = await startWithDashboardPast();
  });
  after(() => prometheus.stop());

  const viewOf = (over: Partial<View> = {}): View => ({
    widthPixels: 600,
    heightPixels: 300,
    theme: 'light',
    range: { fromSeconds: prometheus.endSeconds - 3600, toSeconds: prometheus.endSeconds },
    ...over,
  });
  const read = async (panel: Panel, { widthPixels, range }: View) => {
    const scope = { range, widthPixels, scrapeIntervalSeconds: 15, variables: resolveVariables(dashboard) };
    return (await readPanel(panel, panelRequests(panel, scope), prometheus)).series;
  };

  for (const panel of panels) {
    test(`shows what is true in "${panel.title}", in every width and theme`, async () => {
      const truths = TRUTHS[panel.title ?? ''] ?? [];
      assert.ok(truths.length > 0);
      for (const widthPixels of [380, 800, 1200])
        for (const theme of ['light', 'dark'] as const) {
          const view = viewOf({ widthPixels, theme });
          const svg = renderPanel(panel, await read(panel, view), view);
          const texts = textsOf(svg);
          for (const truth of truths) assert.ok(texts.includes(truth), `${truth} in ${texts.join(' | ')}`);
          assert.equal(texts[0], panel.title);
          assert.doesNotMatch(svg, /NaN|undefined|Infinity|\[object/);
        }
    });
  }

  test('has the values that Prometheus answers at the places where the axes say so', async () => {
    const panel: Panel = {
      type: 'timeseries',
      title: 'A saw',
      targets: [{ expr: 'saw', refId: 'A' }],
      fieldConfig: { defaults: { min: 0, unit: 'none' } },
    };
    const view = viewOf();
    const svg = renderPanel(panel, await read(panel, view), view);
    // Ticks: a label's text and its place. From two of them, a pixel is a value.
    const ticks = [...svg.matchAll(/text-anchor="end"[^>]*translate\([\d.]+ ([\d.]+)\)"[^>]*>(\d+)</g)];
    const [low, high] = [ticks[0], ticks.at(-1)].map((tick) => [Number(tick?.[1]), Number(tick?.[2])]) as [
      number[],
      number[],
    ];
    const valueAt = (y: number) =>
      (low[1] as number) +
      ((y - (low[0] as number)) / ((high[0] as number) - (low[0] as number))) *
        ((high[1] as number) - (low[1] as number));
    const [, path = ''] = new RegExp(`d="([^"]+)"[^>]*stroke="${themeOf('light').palette[0]}"`).exec(svg) ?? [];
    const points = [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    const { fromSeconds, toSeconds } = view.range;
    const [saw] = await prometheus.queryRange('saw', { fromSeconds, toSeconds, stepSeconds: 15 });
    const values = saw?.points ?? [];
    assert.equal(points.length, values.length);
    assert.ok(points.length > 200);
    const [left, right] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
    for (const [index, [x, y]] of points.entries()) {
      const [seconds = 0, value] = values[index] ?? [];
      assert.ok(Math.abs(x - (left + ((seconds - fromSeconds) / 3600) * (right - left))) < 0.2, `time at ${x}`);
      assert.ok(Math.abs(valueAt(y) - (value ?? 0)) < 1, `${valueAt(y)} is ${value}`);
    }
  });

  test('draws a threshold at its value, and writes the value', async () => {
    const panel = panelNamed('Query Latency (p50/p95/p99)');
    const view = viewOf();
    const svg = renderPanel(panel, await read(panel, view), view);
    const red = themeOf('light').named.red;
    const [, lineY] =
      new RegExp(`d="M[\\d.]+ ([\\d.]+)L[^"]*"[^>]*stroke="${red}"[^>]*stroke-dasharray`).exec(svg) ?? [];
    const [, tickY] = /translate\([\d.]+ ([\d.]+)\)"[^>]*>2 s</.exec(svg) ?? [];
    assert.ok(Math.abs(Number(lineY) - Number(tickY)) <= 1, `line at ${lineY}, tick at ${tickY}`);
    assert.match(svg, new RegExp(`fill="${red}"[^>]*>2 s<`));
  });

  test('says "No data" where there is none, and where there is only NaN', async () => {
    for (const expr of [
      'nothing',
      'histogram_quantile(0.5, sum by (le) (rate(rag_query_latency_seconds_bucket[1m])) * 0)',
    ])
      for (const type of ['timeseries', 'stat', 'gauge', 'piechart', 'bargauge', 'table', 'heatmap']) {
        const panel: Panel = { type, title: 'Empty', targets: [{ expr, refId: 'A' }] };
        const svg = renderPanel(panel, await read(panel, viewOf()), viewOf());
        assert.deepEqual(textsOf(svg), ['Empty', 'No data'], type);
        assert.match(svg, /<desc>Empty: No data.<\/desc>/);
      }
  });

  test('draws histograms as buckets: over time, and at one time with the threshold in its place', async () => {
    const panel: Panel = {
      type: 'heatmap',
      title: 'Latency',
      targets: [{ expr: 'sum by (le) (rag_query_latency_seconds_bucket)', refId: 'A', format: 'heatmap' }],
      options: { yAxis: { unit: 's' } },
    };
    assert.deepEqual(notDrawn(panel), []);
    const series = await read(panel, viewOf());
    const texts = textsOf(renderPanel(panel, series, viewOf()));
    for (const bound of ['500 ms', '1 s', '2 s', '3 s', '5 s', '∞']) assert.ok(texts.includes(bound), bound);
    const buckets = bucketsOf(series);
    // 10,800 requests in 90 minutes, by their shares.
    assert.deepEqual(
      buckets.map(({ count }) => Math.round(count)),
      [2160, 3240, 4860, 540, 0, 0],
    );
    const marks = [{ value: 2, text: 'threshold 2 s', colour: 'red' }];
    const svg = renderOption('Latency', 'Buckets', viewOf(), (inner) =>
      bucketOption({ buckets, unit: 's', counted: 'queries', marks }, inner),
    );
    assert.ok(textsOf(svg).includes('threshold 2 s'));
    const [, lineX] = new RegExp(`d="M([\\d.]+) [^"]*"[^>]*stroke="${themeOf('light').named.red}"`).exec(svg) ?? [];
    const [, tickX] = /text-anchor="middle"[^>]*translate\(([\d.]+) [\d.]+\)"[^>]*>2 s</.exec(svg) ?? [];
    assert.ok(Math.abs(Number(lineX) - Number(tickX)) <= 1, `line at ${lineX}, bound at ${tickX}`);
  });

  test('stands in a cell as images with a text and a table each, in Grafana’s layout', async () => {
    const options = { prometheus, minutes: 60, untilSeconds: prometheus.endSeconds };
    const html = await dashboardInCell(options);
    const alternatives = [...html.matchAll(/<img alt="([^"]+)"/g)].map(([, alt]) => alt ?? '');
    assert.equal(alternatives.length, panels.length);
    panels.forEach(({ title = '', gridPos }, index) => {
      assert.ok(alternatives[index]?.startsWith(title.replace('&', '&amp;')), title);
      assert.ok(html.includes(`grid-column:${(gridPos?.x ?? 0) + 1}/span ${gridPos?.w}`));
    });
    assert.equal(html.match(/<table/g)?.length, panels.length);
    const one = await panelInCell('error rate', options);
    assert.match(one, /alt="Error Rate %: last failed of all requests 10.0%; threshold: red from 5.0%."/);
    assert.match(one, /<details open>.*<td[^>]*>10.0%<\/td>/);
  });

  test('is named by how a title begins; another title is answered with all there are', async () => {
    await assert.rejects(panelInCell('Latency', { prometheus }), ({ message }: Error) => {
      assert.match(message, /^"Latency" begins the title of no panel; there are "Query Latency/);
      assert.ok(!message.includes('\n'));
      return true;
    });
    await assert.rejects(panelInCell('R', { prometheus }), /begins the title of several panels/);
    await assert.rejects(
      panelInCell('Query', { prometheus, minutes: 0 }),
      /`minutes`: expected a number above 0, got 0/,
    );
  });

  test('is drawn whole by renderDashboard, whatever hostile names the series have', async () => {
    const hostile: Series = { refId: 'A', name: '<b>&"\'{a|b}</b>', labels: {}, points: [[prometheus.endSeconds, 1]] };
    const html = await renderDashboard(dashboard, async () => [hostile, hostile], {
      widthPixels: 800,
      theme: 'dark',
      range: viewOf().range,
    });
    assert.doesNotMatch(html, /<b>/);
    for (const [, image = ''] of html.matchAll(/base64,([^"]+)"/g)) textsOf(Buffer.from(image, 'base64').toString());
  });
});

describe('what is not drawn', () => {
  test('is nothing of the committed dashboard', () => {
    for (const panel of panels) assert.deepEqual(notDrawn(panel), [], panel.title);
  });

  const [planted] = panels as [Panel];
  const defaults = planted.fieldConfig?.defaults;
  const faults: [name: string, panel: Panel, said: RegExp][] = [
    ['a panel type', { ...planted, type: 'geomap' }, /^panel type "geomap"$/],
    ['a unit', { ...planted, fieldConfig: { defaults: { ...defaults, unit: 'dBm' } } }, /^unit "dBm"$/],
    ['an option', { ...planted, options: { ...planted.options, xTickLabel: 3 } }, /^options.xTickLabel 3$/],
    [
      'a value of an option',
      { ...planted, options: { legend: { calcs: ['p99'] } } },
      /^options.legend.calcs \["p99"\]$/,
    ],
    [
      'an option of time series',
      { ...planted, fieldConfig: { defaults: { custom: { scaleDistribution: { type: 'log' } } } } },
      /^custom.scaleDistribution.type "log"$/,
    ],
    ['a value mapping', { ...planted, fieldConfig: { defaults: { mappings: [{ type: 'value' }] } } }, /^mappings \[/],
    ['a transformation', { ...planted, transformations: [{ id: 'merge' }] }, /^transformation "merge"$/],
    [
      'an override',
      { ...planted, fieldConfig: { overrides: [{ matcher: { id: 'byType' }, properties: [{ id: 'custom.width' }] }] } },
      /^overrides.matcher "byType"$/,
    ],
    [
      'the format of a variable',
      { ...planted, targets: [{ expr: `x{a="$\{b:date}"}`, refId: 'A' }] },
      /^query A: \$\{b:date}$/,
    ],
  ];
  for (const [name, panel, said] of faults) {
    test(`is said where it is ${name}`, () => {
      const list = notDrawn(panel);
      assert.match(list[0] ?? '', said);
      const view: View = {
        widthPixels: 400,
        heightPixels: 250,
        theme: 'light',
        range: { fromSeconds: 0, toSeconds: 60 },
      };
      assert.ok(textsOf(renderPanel(panel, [], view)).some((text) => text.startsWith('Not drawn here:')));
    });
  }
});

test('whatever the values are, a picture has only numbers in it', () => {
  const points: Record<string, Series['points']> = {
    single: [[100, 5]],
    flat: [
      [100, 2],
      [110, 2],
    ],
    zero: [
      [100, 0],
      [110, 0],
    ],
    negative: [
      [100, -5],
      [110, 3],
    ],
    infinite: [
      [100, Infinity],
      [110, -Infinity],
    ],
    tiny: [
      [100, 1e-12],
      [110, null],
      [120, 2e-12],
    ],
    huge: [
      [100, 1e18],
      [110, 3e20],
    ],
  };
  for (const type of ['timeseries', 'stat', 'gauge', 'piechart', 'bargauge', 'table', 'heatmap'])
    for (const [name, some] of Object.entries(points))
      for (const [widthPixels, heightPixels] of [
        [120, 80],
        [380, 300],
      ] as const) {
        const series = ['1', '2', '+Inf'].map(
          (le): Series => ({ refId: 'A', name: 'x', labels: { le }, points: some }),
        );
        const panel: Panel = { type, title: 't', fieldConfig: { defaults: { unit: 's' } } };
        const range = { fromSeconds: 50, toSeconds: 250 };
        const svg = renderPanel(panel, series, { widthPixels, heightPixels, theme: 'light', range });
        assert.doesNotMatch(svg, /NaN|undefined|Infinity|\[object/, `${type} ${name}`);
      }
});

test('curves and texts are seen on both themes', () => {
  for (const theme of [themeOf('light'), themeOf('dark')]) {
    for (const colour of theme.palette) assert.ok(contrast(colour, theme.background) >= 3, colour);
    for (const colour of [theme.text, theme.faint, ...Object.values(theme.named)])
      assert.ok(contrast(colour, theme.background) >= 4.5, colour);
  }
});

test('the first eight curves can be told apart by colour-blind readers', () => {
  // Machado, Oliveira and Fernandes (2009), full severity, on linear RGB.
  const sights: Record<string, number[][]> = {
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
  };
  const linear = (colour: string) =>
    [1, 3, 5].map((at) => {
      const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
  const times = (matrix: number[][], vector: number[]) =>
    matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * (vector[index] ?? 0), 0));
  // CIE L*a*b*, in which a distance of 2 is just seen side by side.
  const lab = (rgb: number[]) => {
    const [x = 0, y = 0, z = 0] = times(
      [
        [0.4339, 0.3762, 0.1899],
        [0.2126, 0.7152, 0.0722],
        [0.0177, 0.1095, 0.8729],
      ],
      rgb,
    ).map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  for (const { palette } of [themeOf('light'), themeOf('dark')])
    for (const [sight, matrix] of Object.entries(sights)) {
      const seen = palette.map((colour) => lab(times(matrix, linear(colour)).map((part) => Math.max(0, part))));
      seen.forEach((one, index) => {
        for (const [other, colour] of seen.slice(0, index).entries()) {
          const distance = Math.hypot(...one.map((part, axis) => part - (colour[axis] ?? 0)));
          assert.ok(distance > 12, `${palette[index]} and ${palette[other]} with ${sight}: ${distance}`);
        }
      });
    }
});

test('Grafana’s grid has 24 columns with gaps between them', () => {
  const half = panelSize({ type: 'stat', gridPos: { x: 0, y: 0, w: 12, h: 8 } }, 1000);
  assert.deepEqual(half, { widthPixels: 496, heightPixels: 8 * 30 + 7 * 8 });
});

test('a process that has drawn ends by itself', (t) => {
  const file = join(temporaryFolder(t), 'draw.cjs');
  const picture = inRepository('dist/src/charts/render/svg.js');
  writeFileSync(
    file,
    `const { renderPanel } = require(${JSON.stringify(picture)});
     const view = { widthPixels: 300, heightPixels: 200, theme: 'dark', range: { fromSeconds: 0, toSeconds: 60 } };
     const series = [{ refId: 'A', name: 'a', labels: {}, points: [[0, 1], [30, 2]] }];
     for (const type of ['timeseries', 'stat', 'gauge', 'piechart']) console.log(renderPanel({ type }, series, view).length > 500);`,
  );
  const output = execFileSync(process.execPath, [file], {
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(output, 'true\n'.repeat(4));
});
