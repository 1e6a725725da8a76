/** A small edit of the bundled gateway's source that a program made, such as a condition that always holds. */
export interface Mutant {
  /** Of the instrumented tree; another release of the instrumenter or other sources number anew. */
  id: string;
  /** From the project's root. */
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** The kind of edit, as Stryker names it. */
  mutator: string;
  original: string;
  replacement: string;
}

/** `gateway/x.ts:12:3 ConditionalExpression: a === b -> true`, on one line. */
export function describeMutant({ file, line, column, mutator, original, replacement }: Mutant): string {
  return `${file}:${line}:${column} ${mutator}: ${short(original)} -> ${short(replacement)}`;
}

const longest = 70;

function short(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
