/** Longer cells go over several lines. */
const MAX_WIDTH = 58;

/**
 * Breaks a text into lines at spaces.
 * @param {string} text
 * @returns {string[]}
 */
function wrap(text) {
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    const isFull = line !== '' && line.length + 1 + word.length > MAX_WIDTH;
    if (isFull) lines.push(line);
    line = isFull || line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/**
 * Rows of cells as lines in which the columns are aligned; columns of numbers to the right.
 * @param {readonly (readonly (string | number)[])[]} rows
 * @returns {string}
 */
function alignColumns(rows) {
  const cells = rows.map((row) => row.map((cell) => wrap(String(cell))));
  const widthOf = (/** @type {number} */ column) =>
    Math.max(...cells.flatMap((row) => (row[column] ?? []).map((line) => line.length)));
  const widths = Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, column) => widthOf(column));
  const isNumeric = widths.map((_, column) => typeof rows.at(-1)?.[column] === 'number');
  return cells
    .flatMap((row) =>
      Array.from({ length: Math.max(...row.map((lines) => lines.length)) }, (_, line) =>
        widths
          .map((width, column) => {
            const text = row[column]?.[line] ?? '';
            return isNumeric[column] ? text.padStart(width) : text.padEnd(width);
          })
          .join('  ')
          .trimEnd(),
      ),
    )
    .join('\n');
}

/**
 * Rows of equal keys as a table with a heading.
 * @param {readonly object[]} rows
 * @returns {string}
 */
function textTable(rows) {
  const heads = Object.keys(rows[0] ?? {});
  return alignColumns([heads, ...rows.map((row) => heads.map((head) => /** @type {any} */ (row)[head] ?? ''))]);
}

module.exports = { alignColumns, textTable };
