import type { Edit, Query } from '../analysis/query.js';
import { type Binary, type Node, walk } from '../syntax/ast.js';

export const binaries = ({ nodes }: Query) => nodes.filter((node): node is Binary => node.kind === 'binary');

/** A side summed over everything. */
export const wrapped = (query: Query, node: Node): Edit => ({ ...node.outer, text: `sum(${query.text(node)})` });

export const isUnsummed = (node: Node) => ![...walk(node)].some(({ kind }) => kind === 'aggregation');
