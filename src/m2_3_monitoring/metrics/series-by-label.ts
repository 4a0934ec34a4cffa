/** Makes something at its first use. */
export function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Gives what was bound for a value of a label: a series, or several. There are as many as the label may have values, for a
 * value beyond the limit has what `limited` makes of it.
 */
export function seriesByValue<Series>(
  limited: (value: string) => string | undefined,
  bind: (value: string) => Series,
): (value: string) => Series {
  const bound = new Map<string, Series>();
  return (given) => {
    const known = bound.get(given);
    if (known) return known;
    const value = limited(given) ?? given;
    const series = bound.get(value) ?? bind(value);
    bound.set(value, series);
    return series;
  };
}
