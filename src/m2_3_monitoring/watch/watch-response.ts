import { watchReadableStream } from './watch-web-stream.js';
import type { QueryRecord } from './watched-call.js';

/** What a response that was fetched has beside its status and headers. */
const FETCHED = ['url', 'redirected', 'type'] as const;

const propertyOf = (object: object, key: PropertyKey) =>
  Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;

/**
 * Watches the body of a response that a route handler or `fetch` has returned. Its body cannot be replaced: this gives a
 * response just like it, of the same class and with the same properties, whose body is the watched one.
 */
export function watchResponse(response: Response, record: QueryRecord): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) throw new TypeError('a response without a body is no stream');
  const watched = new Response(watchReadableStream(body, record), { status, statusText, headers });
  const fetched = FETCHED.map((key) => [key, { value: response[key], configurable: true }]);
  Object.defineProperties(watched, Object.fromEntries(fetched));
  for (const key of Reflect.ownKeys(response)) {
    // Node 20 keeps the state of a response in properties of its own: the watched one has its own.
    if (!Object.hasOwn(watched, key)) Object.defineProperty(watched, key, propertyOf(response, key));
  }
  return Object.setPrototypeOf(watched, Object.getPrototypeOf(response));
}
