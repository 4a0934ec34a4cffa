import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptsGzip, type Format, negotiateFormat } from '../src/m2_3_monitoring/server/negotiation.js';

describe('the format of a scrape', () => {
  // As the clients of these versions put the header together.
  const CLIENTS: [client: string, accept: string | undefined, format: Format][] = [
    ['Prometheus 2.28', 'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text'],
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'Prometheus 2.42 with native histograms',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'Prometheus 2.53',
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    [
      'Prometheus 3.0',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    [
      'Prometheus 3.5',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    [
      'Prometheus 3.5 that prefers the text',
      'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.3',
      'text',
    ],
    [
      'Grafana Alloy, and an OpenTelemetry collector, with legacy names',
      'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3',
      'openmetrics',
    ],
    [
      'OpenTelemetry collector 0.90',
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    ['vmagent', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text'],
    ["Datadog's agent", 'text/plain', 'text'],
    [
      "Datadog's agent with use_latest_spec",
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1',
      'openmetrics',
    ],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    ['curl', '*/*', 'text'],
    ['a client without the header', undefined, 'text'],
  ];

  for (const [client, accept, format] of CLIENTS) {
    test(`for ${client} is ${format}`, () => {
      assert.equal(negotiateFormat(accept === undefined ? {} : { accept }), format);
    });
  }

  test('is decided by type, version and quality, whatever their case and spelling', () => {
    const cases: [accept: string, format: Format][] = [
      ['application/openmetrics-text', 'openmetrics'],
      ['Application/OpenMetrics-Text; Version=1.0.0', 'openmetrics'],
      ['application/openmetrics-text;version="1.0.0"', 'openmetrics'],
      ['application/openmetrics-text;version=0.0.1', 'text'],
      ['application/openmetrics-text;version=2.0.0', 'text'],
      ['application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.9', 'text'],
      ['application/openmetrics-text;version=1.0.0;Q=0.2,text/plain;Q=0.9', 'text'],
      ['application/openmetrics-text;version=1.0.0;Q=0.9,text/plain;Q=0.2', 'openmetrics'],
      ['application/openmetrics-text; q = 0.2 , text/plain', 'text'],
      ['application/openmetrics-text;q=0', 'text'],
      ['application/openmetrics-text;version=1.0.0;q=nonsense,text/plain;q=0.1', 'text'],
      ['text/*;q=0.5,application/*;q=0.9', 'openmetrics'],
      ['application/json', 'text'],
      ['', 'text'],
      [';;,,=q', 'text'],
    ];
    for (const [accept, format] of cases) assert.equal(negotiateFormat({ accept }), format, accept);
  });
});

test('a page is compressed where gzip is accepted, and preferred to none', () => {
  const cases: [header: string | undefined, zips: boolean][] = [
    ['gzip', true],
    ['GZIP', true],
    ['gzip, deflate, br', true],
    ['deflate, gzip;q=1.0, *;q=0.5', true],
    ['*', true],
    ['gzip;Q=0.5', true],
    ['identity;q=0.1, gzip;q=0.9', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip;Q=0.000, *', false],
    ['gzip;q=0.1, identity;q=0.9', false],
    ['br', false],
    ['xgzip', false],
    ['', false],
    [undefined, false],
  ];
  for (const [header, zips] of cases) assert.equal(acceptsGzip({ 'accept-encoding': header }), zips, header);
});
