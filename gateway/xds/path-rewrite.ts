import type { IrStringMatch } from '../ir/ir.ts';

/** Exactly one of the three. */
export interface PathRewrite {
  full?: string;
  prefix?: string;
  regex?: { pattern: { regex: string }; substitution: string };
}

/** Replaces the whole path, or the matched prefix element by element: `/foo` to `/` makes `/bar` of `/foo/bar`, not `//bar`. */
export function pathRewrite(
  match: IrStringMatch,
  to: { type: 'full' | 'prefix'; value: string },
): PathRewrite {
  if (to.type === 'full') return { full: to.value };
  const from = match.type === 'prefix' ? match.value.replace(/\/+$/, '') : match.value;
  const target = to.value.replace(/\/+$/, '');
  if (from === '') return { prefix: `${target}/` };
  if (target !== '') return { prefix: target };
  return { regex: { pattern: { regex: `^${escapeRegex(from)}/*` }, substitution: '/' } };
}

/** For replacements in Envoy's regex substitutions, where `\1` is a group. */
export function literalSubstitution(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
