import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alertsWithin, startService, startTestStack } from './helpers/stack.js';

describe('the way of an alert', { concurrency: true }, () => {
  test('an alert travels from the metric to the receiver, grouped, and is resolved there', async (t) => {
    const { target, trackRateLimit } = await startService(t);
    const ruleFiles = [alertsWithin(t, { RateLimitWarning: '2s' })];
    const { stack, reported } = await startTestStack(t, { target, ruleFiles });
    const { prometheus, alertmanager, notifications } = stack;
    const inState = (state: string) => async () =>
      (await prometheus.query(`ALERTS{alertname="RateLimitWarning", alertstate="${state}"}`)).length === 2;

    trackRateLimit({ provider: 'openai', remaining: 20 });
    trackRateLimit({ provider: 'anthropic', remaining: 7 });
    await prometheus.waitUntil('both are pending', inState('pending'));
    assert.deepEqual(await notifications.list(), [], 'nobody is told before `for` has passed');
    await prometheus.waitUntil('both fire', inState('firing'));
    const told = await notifications.waitFor('RateLimitWarning');
    assert.equal(told.receiver, 'team');
    assert.deepEqual(told.groupLabels, { alertname: 'RateLimitWarning', job: 'rag-service' });
    assert.deepEqual(
      told.alerts.map(({ labels }) => labels.provider).sort(),
      ['anthropic', 'openai'],
      'one notification',
    );
    assert.equal((await alertmanager.alerts()).length, 2);

    trackRateLimit({ provider: 'openai', remaining: 5000 });
    trackRateLimit({ provider: 'anthropic', remaining: 5000 });
    const resolved = await notifications.waitFor('RateLimitWarning', 'resolved');
    assert.equal(resolved.status, 'resolved');
    assert.equal((await notifications.list()).length, 2);
    const lines = reported.filter((line) => line.includes('anthropic'));
    assert.match(
      lines[0] ?? '',
      /^firing RateLimitWarning \(warning\): Less than 100 API calls remaining\. anthropic allows rag-service 7 more requests in this window\.$/,
    );
    assert.match(lines[1] ?? '', /^resolved RateLimitWarning/);
  });

  test('a service that fails is told once: its latency is inhibited, its rate limit is not', async (t) => {
    const { target, metrics, trackRateLimit } = await startService(t);
    // The source of an inhibition has to be there before its targets.
    const ruleFiles = [alertsWithin(t, { HighErrorRate: '0s', HighQueryLatency: '2s', RateLimitWarning: '2s' })];
    const { stack } = await startTestStack(t, { target, ruleFiles });
    const fail = () => {
      metrics.requestsTotal.inc({ endpoint: 'rag_pipeline', status: 'error' });
      metrics.queryLatency.observe({ operation: 'rag_pipeline' }, 9);
    };
    const failing = setInterval(() => Array.from({ length: 5 }, fail), 50);
    t.after(() => clearInterval(failing));
    trackRateLimit({ provider: 'openai', remaining: 20 });
    const stateOf = async (name: string) =>
      (await stack.alertmanager.alerts()).find(({ alert }) => alert === name)?.state;

    await stack.prometheus.waitUntil(
      'the latency is suppressed',
      async () => (await stateOf('HighQueryLatency')) === 'suppressed',
    );
    assert.equal((await stack.notifications.waitFor('HighErrorRate')).receiver, 'on-call');
    assert.equal((await stack.notifications.waitFor('RateLimitWarning')).receiver, 'team');
    assert.equal(await stateOf('HighErrorRate'), 'active');
    const told = (await stack.notifications.list()).flatMap(({ alerts }) => alerts.map(({ alert }) => alert));
    assert.ok(!told.includes('HighQueryLatency'), 'nobody was told of the latency');
  });
});
