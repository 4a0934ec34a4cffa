const MAX_WIDTH = 58;

/** Breaks a text into lines at spaces. */
function wrap(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Rows of equal keys as an aligned table with a heading; long cells go over several lines. */
export function tableText(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))].map((row) =>
    row.map((text) => wrap(text, MAX_WIDTH)),
  );
  const widths = columns.map((_, index) => Math.max(...cells.flatMap((row) => row[index].map(({ length }) => length))));
  const lineOf = (row, line) =>
    row
      .map((cell, index) => (cell[line] ?? '').padEnd(widths[index]))
      .join('  ')
      .trimEnd();
  return cells
    .flatMap((row) =>
      Array.from({ length: Math.max(...row.map(({ length }) => length)) }, (_, line) => lineOf(row, line)),
    )
    .join('\n');
}
