/** Longer cells go over several lines. */
const MAX_WIDTH = 58;

/** Breaks a text into lines at spaces. @type {(text: string) => string[]} */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > MAX_WIDTH && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/**
 * Rows of cells as lines in which the columns are aligned, those of numbers to the right.
 * @type {(rows: readonly (readonly (string | number)[])[]) => string}
 */
function alignColumns(rows) {
  const columns = (rows[0] ?? []).map((_, column) => {
    const cells = rows.map((row) => wrap(String(row[column])));
    const width = Math.max(...cells.flat().map(({ length }) => length));
    const isNumeric = typeof rows.at(-1)?.[column] === 'number';
    return { cells, pad: (/** @type {string} */ text) => (isNumeric ? text.padStart(width) : text.padEnd(width)) };
  });
  return rows
    .flatMap((_, row) => {
      const height = Math.max(...columns.map(({ cells }) => cells[row]?.length ?? 0));
      return Array.from({ length: height }, (__, line) =>
        columns
          .map(({ cells, pad }) => pad(cells[row]?.[line] ?? ''))
          .join('  ')
          .trimEnd(),
      );
    })
    .join('\n');
}

/** Rows of equal keys as a table with a heading. @type {(rows: readonly object[]) => string} */
function textTable(rows) {
  const heads = Object.keys(rows[0] ?? {});
  return alignColumns([heads, ...rows.map((row) => heads.map((head) => /** @type {any} */ (row)[head] ?? ''))]);
}

module.exports = { alignColumns, textTable };
