/**
 * JSON values one after the other without a separator, as kubectl reads them.
 *
 * @returns the values, each after blanks that keep its line and column; undefined when the text is something else
 */
export function jsonValuesIn(text: string): string[] | undefined {
  if (!/^\uFEFF?\s*\{/.test(text)) return undefined;
  const values: string[] = [];
  let [depth, start] = [0, 0];
  // Strings are skipped whole, as there may be brackets in them.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\]]|[^\s{}[\]"]+|"/g)) {
    if (token === '{' || token === '[') depth++;
    else if (depth === 0) return undefined;
    if (token !== '}' && token !== ']') continue;
    depth--;
    if (depth > 0) continue;
    const end = index + 1;
    values.push(text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start, end));
    start = end;
  }
  return depth === 0 ? values : undefined;
}
