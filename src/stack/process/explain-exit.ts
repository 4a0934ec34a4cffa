/** The fields of a line in logfmt that say what happened. */
function fieldsOf(line: string): string {
  const fields = [...line.matchAll(/\b(?:msg|err|error)=("(?:[^"\\]|\\.)*"|\S+)/g)].map(([, value = '']) =>
    value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1'),
  );
  return fields.join(': ') || line;
}

/** What a program of the Prometheus project said last that explains its end. */
export function lastUsefulLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const useful =
    lines.find((line) => /^fatal error:/.test(line)) ??
    lines.filter((line) => /level=error|: error:/i.test(line)).at(-1) ??
    lines.find((line) => /^panic:/.test(line)) ??
    lines.at(-1) ??
    'it said nothing';
  return fieldsOf(useful.trim()).slice(0, 300);
}

/** Prometheus' data belongs to one process at a time. */
export const isLocked = (line: string): boolean => /lock DB directory|lock file/i.test(line);

export const isPortHeld = (line: string): boolean => /address already in use/i.test(line);

const REMEDIES: [pattern: RegExp, remedy: string][] = [
  [/lock DB directory|lock file/i, 'another Prometheus uses this folder: end it, or set STACK_FOLDER to another'],
  // Of a mapped file that found no room on the disk Go knows only that.
  [/no space left|fatal error: fault/i, 'the disk is full: free some space'],
  [/permission denied|read-only file system/i, "the stack's folder cannot be written: change its owner"],
  [/address already in use/i, 'another program holds the port: start the stack again, it chooses another'],
  [/opening storage failed/i, "the stored data is damaged: move the folder prometheus/ out of the stack's folder"],
  [
    /loading config|loading groups|configuration|yaml/i,
    'correct prometheus.yml or monitoring/: npm test names the line',
  ],
];

/** What helps, where that is known. */
export const remedyOf = (line: string): string | undefined => REMEDIES.find(([pattern]) => pattern.test(line))?.[1];
