import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as piechart from '@grafana/grafana-foundation-sdk/piechart';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { AlertThresholds } from '../../config/alert-settings.js';
import { type PanelDefinition, panels } from './panels.js';

/** The uid that Grafana's provisioning gives its Prometheus data source. */
const DATA_SOURCE = { name: 'Prometheus', uid: 'prometheus' };
const DATA_SOURCE_REF = { type: 'prometheus', uid: '$' + '{datasource}' };
// Grafana only migrates upward: 39 is read by Grafana 11, 12 and 13.
const SCHEMA_VERSION = 39;

const GOOD = 'green';
const BAD = 'red';

type PanelBuilder = timeseries.PanelBuilder | gauge.PanelBuilder | stat.PanelBuilder | piechart.PanelBuilder;

function thresholds({ threshold }: PanelDefinition) {
  const [low, high] = threshold?.bad === 'below' ? [BAD, GOOD] : [GOOD, BAD];
  const steps: sdk.Threshold[] = [{ value: null, color: low }];
  if (threshold) steps.push({ value: threshold.value, color: high });
  return new sdk.ThresholdsConfigBuilder().mode(sdk.ThresholdsMode.Absolute).steps(steps);
}

const lastValue = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);

function timeSeriesPanel({ threshold, queries }: PanelDefinition): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .span(12)
    .height(8)
    .min(0)
    .lineWidth(2)
    .fillOpacity(10)
    .showPoints(common.VisibilityMode.Never)
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(['mean', 'lastNotNull']),
    );
  if (threshold) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const { legend, rightAxisUnit } of queries) {
    if (!rightAxisUnit) continue;
    panel.overrideByName(legend, [
      { id: 'unit', value: rightAxisUnit },
      { id: 'custom.axisPlacement', value: 'right' },
    ]);
  }
  return panel;
}

const drawings: Record<PanelDefinition['visualization'], (definition: PanelDefinition) => PanelBuilder> = {
  'Time series graph': timeSeriesPanel,
  Gauge: () => new gauge.PanelBuilder().span(6).height(7).min(0).reduceOptions(lastValue()).showThresholdMarkers(true),
  'Stat panel': () =>
    new stat.PanelBuilder()
      .span(6)
      .height(7)
      .reduceOptions(lastValue())
      .colorMode(common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.Area),
  'Pie chart': () =>
    new piechart.PanelBuilder()
      .span(12)
      .height(8)
      .reduceOptions(lastValue())
      .pieType(piechart.PieChartType.Donut)
      .displayLabels([piechart.PieChartLabels.Percent])
      .legend(
        new piechart.PieChartLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Right)
          .values([piechart.PieChartLegendValues.Value, piechart.PieChartLegendValues.Percent]),
      ),
};

function panel(definition: PanelDefinition, index: number): Builder<sdk.Panel> {
  const { title, purpose, unit, queries, max, decimals, visualization } = definition;
  const builder = drawings[visualization](definition)
    .id(index + 1)
    .title(title)
    .description(purpose)
    .unit(unit)
    .thresholds(thresholds(definition))
    .datasource(DATA_SOURCE_REF);
  if (max !== undefined) builder.max(max);
  if (decimals !== undefined) builder.decimals(decimals);
  queries.forEach(({ expr, legend }, query) => {
    const target = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + query));
    builder.withTarget(visualization === 'Pie chart' ? target.instant() : target.range());
  });
  return builder;
}

/** The dashboard as Grafana imports it: classic JSON, the data source a variable. */
export function buildDashboard(config: AlertThresholds): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder('RAG Production Monitoring')
    .uid('rag-monitoring')
    .description('Performance, cost, quality and health of a RAG service')
    .tags(['rag', 'llm'])
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .editable()
    .withVariable(
      new sdk.DatasourceVariableBuilder('datasource')
        .label('Data source')
        .type('prometheus')
        .current({ text: DATA_SOURCE.name, value: DATA_SOURCE.uid, selected: true }),
    )
    .withVariable(
      new sdk.QueryVariableBuilder('job')
        .label('Job')
        .datasource(DATA_SOURCE_REF)
        .query({ query: 'label_values(rag_requests_total, job)', refId: 'job' })
        .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        .allValue('.*')
        .current({ text: 'All', value: '$__all', selected: true }),
    );
  for (const one of panels(config).map(panel)) builder.withPanel(one);
  return { ...builder.build(), schemaVersion: SCHEMA_VERSION };
}
