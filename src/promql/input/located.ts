/** An expression of a file. */
export interface LocatedExpression {
  /** Where in the file: `alert HighErrorRate`, `panel "Error Rate %" A`. */
  where: string;
  expr: string;
  isAlert: boolean;
  /** The name that a recording rule gives it. */
  record?: { name: string; addsLabels: boolean };
  /** The file's line, from 1, on which an offset of the expression stands; undefined in a format without lines. */
  lineInFile?: (offset: number) => number;
}
