/** An expression of a file. */
export interface LocatedExpression {
  /** Where in the file: `alert HighErrorRate`, `panel "Error Rate %" A`. */
  where: string;
  expr: string;
  isAlert: boolean;
  /** The name that a recording rule gives it. */
  record?: { name: string; addsLabels: boolean };
  /** The file's line, from 1, that a line of the expression stands on; undefined in a format without lines. */
  lineInFile?: (line: number) => number;
}
