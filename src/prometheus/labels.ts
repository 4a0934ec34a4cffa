/** The labels of a series; an answer of the HTTP API has its metric's name among them, as `__name__`. */
export type Labels = Record<string, string>;

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };
const quote = (text: string) => `"${text.replace(/[\\\n"]/g, (character) => ESCAPES[character] ?? character)}"`;
const unquote = (text: string) =>
  text.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));

/**
 * Labels as Prometheus writes them, `{a="b",c="d"}`: also a selector of series with these labels.
 * @param separator `', '` is for people; the OpenMetrics format takes no space
 */
export const labelsText = (labels: Labels, separator = ','): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(separator)}}`;

/** A series with its name: `name{a="b"}`, or the name alone. */
export function seriesText({ __name__: name = '', ...labels }: Labels, separator?: string): string {
  return name && Object.keys(labels).length === 0 ? name : name + labelsText(labels, separator);
}

const ENTRY = /("(?:\\.|[^"\\])*"|[\w:.]+)\s*(?:=\s*("(?:\\.|[^"\\])*"))?/gs;

/** Reads what `labelsText` writes. A name in quotes that has no value is that of the metric. */
export function parseLabels(text: string): Labels {
  const entries = [...text.matchAll(ENTRY)].map(([, written = '', value]) => {
    const name = written.startsWith('"') ? unquote(written) : written;
    return value === undefined ? ['__name__', name] : [name, unquote(value)];
  });
  return Object.fromEntries(entries);
}
