import type { Document } from 'yaml';

const padding = ' '.repeat(120);

/** A text with some of its lines further in. */
export interface Deepened {
  text: string;
  /** Those lines, from 1, and how many columns they were moved. */
  moved: ReadonlyMap<number, number>;
}

/**
 * What stands in brackets or quotes over several lines may stand anywhere for kubectl; the reader here wants it deeper than its key.
 *
 * @param parse - makes documents of a text
 * @returns the text with those lines moved, or as it is where that is not what is wrong with it
 */
export function deepened(text: string, parse: (text: string) => readonly Document[]): Deepened {
  const lines = text.split('\n');
  const starts = [0, ...lines.flatMap((line, index) => (/^---(\s|$)/.test(line) ? [index] : []))];
  const moved = new Map<number, number>();
  for (const [at, start] of starts.entries()) {
    const part = lines.slice(start, starts[at + 1]);
    const own = (partLines: string[]): readonly Document[] => parse(partLines.join('\n'));
    if (!own(part).some(isShallow)) continue;
    const inner = new Set(innerLines(part));
    const deeper = part.map((line, index) => (inner.has(index) ? padding + line : line));
    if (own(deeper).some(({ errors }) => errors.length > 0)) continue;
    for (const index of inner) moved.set(start + index + 1, padding.length);
  }
  const changed = lines.map((line, index) => (moved.has(index + 1) ? padding + line : line));
  return { text: changed.join('\n'), moved };
}

/** Whether something in brackets or quotes is not as deep as the reader wants it. */
export function isShallow({ errors }: Document): boolean {
  return errors.some(({ message }) => message.includes('sufficiently indented'));
}

/** Lines that begin within brackets or quotes. */
function innerLines(lines: readonly string[]): number[] {
  const found: number[] = [];
  let depth = 0;
  let quote = '';
  let block: number | undefined;
  for (const [index, line] of lines.entries()) {
    const indent = line.search(/\S/);
    // Blank lines stay, and tabs in them: of those kubectl has its own mind.
    if (indent === -1) continue;
    if (block !== undefined && indent > block) continue;
    block = undefined;
    if (depth > 0 || quote !== '') found.push(index);
    ({ depth, quote } = after(line, { depth, quote }));
    if (depth === 0 && quote === '' && /(^|[:\-?]\s+)[|>][-+\d]*\s*(\s#.*)?$/.test(line))
      block = parentColumn(line);
  }
  return found;
}

/** How far in the key, or the dash, of a block of text stands that begins at the end of this line: what is further in is text. */
function parentColumn(line: string): number {
  return /^\s*(?:-\s+)*(?![\s|>])/.exec(line)?.[0].length ?? 0;
}

interface State {
  depth: number;
  /** The one that is open. */
  quote: string;
}

function after(line: string, { depth, quote }: State): State {
  let last = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (quote !== '') {
      if (quote === '"' && letter === '\\') at++;
      else if (letter === quote && quote === "'" && line.charAt(at + 1) === "'") at++;
      else if (letter === quote) [quote, last] = ['', letter];
      continue;
    }
    if (letter === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) break;
    if (/\s/.test(letter)) continue;
    const isFirst = last === '' || /[:\-?,[{]/.test(last);
    if (isFirst && (letter === '"' || letter === "'")) quote = letter;
    else if ((letter === '[' || letter === '{') && (depth > 0 || isFirst)) depth++;
    else if ((letter === ']' || letter === '}') && depth > 0) depth--;
    last = letter;
  }
  return { depth, quote };
}
