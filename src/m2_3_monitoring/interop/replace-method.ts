// biome-ignore lint/suspicious/noExplicitAny: functions of other libraries are passed on as they are
export type AnyFunction = (this: any, ...values: any[]) => any;

export const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** Replaces a method of one object, and leaves its class alone. False where the object does not let itself be changed. */
export function replaceMethod(target: object, key: PropertyKey, method: AnyFunction): boolean {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(target, key) ?? {};
  return Reflect.defineProperty(target, key, { value: method, configurable: true, writable: true, enumerable });
}
