const maxLineLength = 300;

/** A line of a table. */
export function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Raw data as a code span: no Markdown, HTML or @mention in it has a meaning; pipes are escaped for tables. */
export function code(value: string): string {
  const line = oneLine(value);
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Words that mean nothing to Markdown. */
export function prose(value: string): string {
  return oneLine(value).replaceAll(/[\\`*_[\]<>|~#]/g, (c) => (c === '<' ? '&lt;' : `\\${c}`));
}

function oneLine(value: string): string {
  const line = value.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
}
