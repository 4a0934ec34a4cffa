import { display, newDisplay } from 'tslab';

/** What `showTable` needs of a danfojs-node DataFrame. */
export interface Frame {
  columns: string[];
  values: unknown[] | unknown[][];
}

const escapeHtml = (text: unknown) =>
  String(text).replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '',
  );

const CELL = 'text-align:left;vertical-align:top;padding:4px 12px;max-width:34em;border-bottom:1px solid #8884';

/** A short text stays in one line; a long one, such as a formula, breaks wherever it has to. */
const SHORT = 24;
const wrapping = (text: string) =>
  text.length <= SHORT ? 'white-space:nowrap' : 'white-space:normal;overflow-wrap:anywhere';

/** The HTML of a table with its full text: `DataFrame.print` cuts a cell off after 17 characters. */
export function tableHtml({ columns, values }: Frame, caption: string): string {
  const head = columns
    .map((column) => `<th scope="col" style="${CELL};font-weight:600;white-space:nowrap">${escapeHtml(column)}</th>`)
    .join('');
  const rows = (values as unknown[][]).map(
    (row) =>
      `<tr>${row.map((value) => `<td style="${CELL};${wrapping(String(value))}">${escapeHtml(value)}</td>`).join('')}</tr>`,
  );
  const captionHtml = `<caption style="caption-side:top;text-align:left;padding:4px 12px;font-style:italic">${escapeHtml(caption)}</caption>`;
  return `<table style="border-collapse:collapse;margin:0">${captionHtml}<thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Shows a DataFrame as a table under a caption. */
export const showTable = (frame: Frame, caption: string): void => display.html(tableHtml(frame, caption));

/** Shows a file's text as it is, in the colours of its language. */
export const showFile = (text: string, language: string): void =>
  display.markdown(`\`\`\`${language}\n${text.trim()}\n\`\`\``);

/** A line of output that is replaced while something runs. */
export function showProgress(total: number, unit: string): { step(note: string): void } {
  const output = newDisplay();
  let done = 0;
  const show = (note: string) =>
    output.text(`${'█'.repeat(done)}${'░'.repeat(total - done)} ${done}/${total} ${unit} ${note}`);
  show('');
  return {
    step: (note) => {
      done += 1;
      show(note);
    },
  };
}
