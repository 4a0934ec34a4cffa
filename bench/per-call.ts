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

/** What the clients of providers give, as it comes, and what the lesson's pipeline gives. */
const ANSWERS: Record<string, object> = {
  "the lesson's keys": RESULT,
  'OpenAI, Chat Completions': {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: MODEL,
    choices: [{ index: 0, message: { role: 'assistant', content: 'An answer.' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 450,
      completion_tokens: 120,
      total_tokens: 570,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  },
  'OpenAI, Responses': {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    error: null,
    model: MODEL,
    output: [],
    usage: {
      input_tokens: 450,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 120,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 570,
    },
  },
  'Anthropic, Messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: 'An answer.' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 450, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 120 },
  },
  Gemini: {
    candidates: [],
    modelVersion: 'gemini-2.5-pro',
    usageMetadata: { promptTokenCount: 450, candidatesTokenCount: 120, totalTokenCount: 570 },
  },
};

/** What it costs by what a call returns, where one process has them all. */
export async function perCallByAnswer(): Promise<Report> {
  const answers = Object.entries(ANSWERS).map(([name, answer]) =>
    monitored(name, async () => answer, { model: MODEL }),
  );
  const rows = await measure([bare(), ...answers], { rounds: 20 });
  return { title: 'One monitored call, by what it returns', unit: 'ns', rows };
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
