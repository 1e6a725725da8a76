/** What is wrong with a regular expression where it cannot be tried: `syntax` fails everywhere, `dialect` in RE2, which Envoy has. */
export type Flaw = { kind: 'syntax' | 'dialect'; what: string };

/** Of RE2, which has no backtracking. */
const missingInRe2: [RegExp, string][] = [
  [/\(\?<?[=!]/, 'look-around'],
  [/\\[1-9]|\\k</, 'back-references'],
  [/\(\?>|[*+?}]\+/, 'atomic groups and possessive quantifiers'],
];
const largestRepeatOfRe2 = 1000;

export function flawOf(pattern: string): Flaw | undefined {
  const bare = withoutEscapes(pattern);
  const missing = missingInRe2.find(([syntax]) => syntax.test(bare));
  if (missing !== undefined) return { kind: 'dialect', what: `RE2 has no ${missing[1]}` };
  try {
    new RegExp(asEcmaScript(pattern));
  } catch (error) {
    return { kind: 'syntax', what: String(error).replace(/^.*?: (?=[A-Z][^:]*$)/, '') };
  }
  const counts = [...bare.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [least, most]);
  if (!counts.some((count) => Number(count ?? 0) > largestRepeatOfRe2)) return undefined;
  return { kind: 'dialect', what: `RE2 repeats at most ${String(largestRepeatOfRe2)} times` };
}

/** Escaped characters and classes hide brackets that mean nothing; back-references stay. */
function withoutEscapes(pattern: string): string {
  return pattern
    .replace(/\\Q[\s\S]*?(\\E|$)/g, '')
    .replace(/\\([^1-9k]|[1-7][0-7]{1,2})/g, '_')
    .replace(/\[\^?\]?(\[:\^?[a-z]+:\]|[^\]])*\]/g, '_');
}

/** What RE2 and others have and ECMAScript has not, written so that its parser takes it: only the form is tried. */
function asEcmaScript(pattern: string): string {
  return pattern
    .replace(/\\Q[\s\S]*?(\\E|$)/g, '')
    .replace(/\[\[:\^?[a-z]+:\]/g, '[a')
    .replace(/\[:\^?[a-z]+:\]/g, 'a')
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]*(-[imsU]+)?:/g, '(?:')
    .replace(/\(\?[imsU]*(-[imsU]+)?\)/g, '');
}
