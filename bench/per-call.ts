import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { type Candidate, measure } from './measure.js';
import {
  bareCall,
  handWritten,
  handWrittenForOpenTelemetry,
  MODEL,
  OPERATION,
  PROM_LIBRARIES,
  RESULT,
} from './peers.js';
import type { Report, Row } from './report.js';

type Call = () => Promise<unknown>;

async function repeat(call: Call, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await call();
}

/** A call whose work is counted by itself. */
function counting(name: string, make: (count: () => void) => Call): Candidate {
  let calls = 0;
  const call = make(() => calls++);
  return { name, run: (times) => repeat(call, times), done: () => calls };
}

const bare = () =>
  counting('bare async call', (count) => async () => {
    count();
    return RESULT;
  });

const FAILURE = new Error('500 the model is overloaded');

const bareFailure = () =>
  counting('bare call that fails', (count) => async () => {
    count();
    await failing().catch(() => undefined);
  });

const failing = async () => {
  throw FAILURE;
};

function monitored(name: string, call: Call, options: { model?: string }, status = 'success'): Candidate {
  const { monitoredQuery, metrics } = createMonitoring();
  const watched = monitoredQuery({ operation: OPERATION, ...options })(call);
  const run = async (times: number) => {
    if (status === 'success') return repeat(watched, times);
    return repeat(() => watched().catch(() => undefined), times);
  };
  const done = async () =>
    (await metrics.requestsTotal.get()).values.find(({ labels }) => labels.status === status)?.value ?? 0;
  return { name, run, done };
}

const answeringModel = { ...RESULT, model: MODEL };

const peers = (): Candidate[] => [
  ...PROM_LIBRARIES.map(([name, library]) => {
    const { call, counted } = handWritten(library);
    return { name: `${name} by hand`, run: (times: number) => repeat(call, times), done: counted };
  }),
  (() => {
    const { call, counted } = handWrittenForOpenTelemetry();
    return { name: 'OpenTelemetry metrics by hand', run: (times: number) => repeat(call, times), done: counted };
  })(),
];

const added = (rows: Row[], name: string, without: string): number => {
  const value = (wanted: string) => rows.find((row) => row.name === wanted)?.value ?? Number.NaN;
  return value(name) - value(without);
};

/** What it costs to watch one call. */
export async function perCall(): Promise<Report> {
  const rows = await measure([
    bare(),
    ...peers(),
    { ...monitored('monitoredQuery', bareCall, { model: MODEL }), isOurs: true },
  ]);
  return {
    title: 'One monitored call (nine updates)',
    unit: 'ns',
    rows,
    notes: [`Bytes that outlive a call: ${(await survivingBytes()).toFixed(2)}.`],
  };
}

/** What it costs where the labels are known only at the end, and where calls of all kinds share the compiled code. */
export async function perCallOfAllKinds(): Promise<Report> {
  const rows = await measure([
    bare(),
    { ...monitored('monitoredQuery', bareCall, { model: MODEL }), isOurs: true },
    monitored('monitoredQuery, model from the result', async () => answeringModel, {}),
    bareFailure(),
    monitored('monitoredQuery, call that fails', failing, { model: MODEL }, 'error'),
  ]);
  const plain = added(rows, 'monitoredQuery', 'bare async call');
  const dynamic = added(rows, 'monitoredQuery, model from the result', 'bare async call');
  const failed = added(rows, 'monitoredQuery, call that fails', 'bare call that fails');
  const shares = [dynamic, failed].map((ns) => `${(ns / plain).toFixed(2)}×`);
  return {
    title: 'Calls of several kinds in one process',
    unit: 'ns',
    rows,
    notes: [
      `Added to a call: ${plain.toFixed(0)} ns; with the model from the result ${shares[0]}, where it fails ${shares[1]} of that.`,
    ],
  };
}

const CALLS = 200_000;

/** Bytes of heap for each call that are still there when the calls are over. */
async function survivingBytes(): Promise<number> {
  const call = createMonitoring().monitoredQuery({ operation: OPERATION, model: MODEL })(bareCall);
  await repeat(call, CALLS);
  const used = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  await repeat(call, CALLS);
  return Math.max(0, used() - before) / CALLS;
}

/** The same where a logger wants ids, for which Node has to follow every promise of the process. */
export async function perCallWithIds(): Promise<Report> {
  const { StructuredLogger } = createMonitoring({ destination: { write: () => undefined } });
  new StructuredLogger('bench');
  const rows = await measure([
    bare(),
    ...peers(),
    { ...monitored('monitoredQuery', bareCall, { model: MODEL }), isOurs: true },
  ]);
  return { title: 'One monitored call in a process with a StructuredLogger, which gives calls ids', unit: 'ns', rows };
}
