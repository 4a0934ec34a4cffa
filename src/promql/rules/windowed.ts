import type { Edit, Query } from '../analysis/query.js';
import type { Call, Range, Subquery } from '../syntax/ast.js';
import { isCall } from '../syntax/nodes.js';

/** A function and the window that it looks over. */
export interface Windowed {
  call: Call;
  over: Range | Subquery;
}

export function* windowed({ nodes }: Query, names: RegExp): Generator<Windowed> {
  for (const call of nodes.filter((node): node is Call => isCall(node, names))) {
    const over = call.args.find((one): one is Range | Subquery => one.kind === 'range' || one.kind === 'subquery');
    if (over) yield { call, over };
  }
}

/** The same call of another function. */
export const renamed = ({ nameSpan }: Call, text: string): Edit => ({ ...nameSpan, text });
