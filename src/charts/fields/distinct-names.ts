import type { Field } from './field.js';

/** ECharts keeps curves apart by name, also in the legend. */
export function distinct(fields: Field[]): Field[] {
  const seen = new Map<string, number>();
  return fields.map((field) => {
    const count = (seen.get(field.name) ?? 0) + 1;
    seen.set(field.name, count);
    return count === 1 ? field : { ...field, name: `${field.name} (${count})` };
  });
}
