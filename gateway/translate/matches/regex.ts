import { RE2JS } from 're2js';

/** undefined when the pattern is RE2, else what is wrong with it. */
export function regexProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `"${pattern}" is not a valid RE2 regular expression: ${(error as Error).message}`;
  }
}

/** A pattern that matches exactly `text`. */
export function quoteRegex(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}

/**
 * A pattern for use in the middle of a longer one. Patterns match the whole value anyway, so an anchor at either end says
 * nothing new; inside a longer pattern it would never match, and is left out.
 */
export function embeddable(pattern: string): string {
  const start = pattern.startsWith('^') ? 1 : 0;
  const end = endsInAnchor(pattern) ? pattern.length - 1 : pattern.length;
  return `(?:${pattern.slice(start, Math.max(start, end))})`;
}

function endsInAnchor(pattern: string): boolean {
  if (!pattern.endsWith('$')) return false;
  const backslashes = /\\*$/.exec(pattern.slice(0, -1))?.[0].length ?? 0;
  return backslashes % 2 === 0;
}
