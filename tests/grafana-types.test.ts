import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grafanaTypeErrors } from './helpers/grafana-types.js';
import { readRepositoryFile } from './helpers/repository.js';

const dashboard = () => JSON.parse(readRepositoryFile('grafana_dash.json'));

test("the dashboard has only fields and values that Grafana's own types know", () => {
  assert.deepEqual(grafanaTypeErrors(dashboard()), []);
});

test('each panel has what Grafana needs to draw it', () => {
  const { panels } = dashboard();
  assert.equal(new Set(panels.map(({ id }: { id: number }) => id)).size, panels.length);
  for (const { title, gridPos, targets, datasource } of panels) {
    assert.ok(title && datasource.uid, title);
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    const refIds = targets.map(({ expr, refId }: { expr: string; refId: string }) => expr && refId);
    assert.ok(refIds.length > 0 && refIds.every(Boolean) && new Set(refIds).size === refIds.length, title);
  }
});

test('a field, a value, a type or a panel that Grafana does not know is found', () => {
  const faults: [plant: (one: ReturnType<typeof dashboard>) => unknown, found: RegExp][] = [
    [({ panels }) => (panels[0].options.legend.showLegends = true), /'"showLegends"' does not exist/],
    [({ panels }) => (panels[0].options.legend.displayMode = 'grid'), /'"grid"' is not assignable/],
    [({ panels }) => (panels[0].fieldConfig.defaults.custom.lineWidths = 2), /'"lineWidths"' does not exist/],
    [({ panels }) => (panels[0].fieldConfig.defaults.decimals = '2'), /'string' is not assignable to type 'number'/],
    [({ panels }) => (panels[0].targets[0].expression = 'up'), /'"expression"' does not exist/],
    [({ panels }) => (panels[4].type = 'gauges'), /no panel of the type gauges/],
    [({ templating }) => (templating.list[1].refresh = 7), /'7' is not assignable/],
    [(one) => (one.graphToltip = 1), /'"graphToltip"' does not exist/],
  ];
  for (const [plant, found] of faults) {
    const one = dashboard();
    plant(one);
    const errors = grafanaTypeErrors(one);
    assert.equal(errors.length, 1, `${found} in ${errors.join('\n')}`);
    assert.match(errors[0] ?? '', found);
  }
});
