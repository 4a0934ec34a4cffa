/** Pieces of output in a stream. */
export const CHUNKS = 1000;

const chunk = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const LAST = {
  ...chunk(''),
  choices: [],
  usage: { prompt_tokens: 450, completion_tokens: CHUNKS, total_tokens: 1450 },
};

const EVENTS = [...Array.from({ length: CHUNKS }, (_, index) => chunk(`word${index} `)), LAST];

/** What a provider sends for it, an event at a time. */
export const PARTS = [...EVENTS.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'].map((text) =>
  Buffer.from(text),
);
