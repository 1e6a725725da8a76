import { RE2JS, RE2JSSyntaxException } from 're2js';

/** What is wrong with a regular expression where it cannot be tried: `syntax` fails everywhere, `dialect` in RE2, which Envoy has. */
export type Flaw = { kind: 'syntax' | 'dialect'; what: string };

export function flawOf(pattern: string): Flaw | undefined {
  const found = refusalOfRe2(pattern);
  if (found === undefined) return undefined;
  const { error, input } = found;
  // The RE2 of Envoy takes both.
  if (error === 'duplicate capture group name' || input === '\\C') return undefined;
  const missing = missingInRe2.find(([syntax]) => syntax.test(input))?.[1];
  if (missing !== undefined) return { kind: 'dialect', what: `RE2 has no ${missing}` };
  if (isWrongEverywhere(found, pattern) && !isEcmaScript(pattern)) return { kind: 'syntax', what: error };
  if (error === 'invalid repeat count')
    return { kind: 'dialect', what: 'RE2 repeats at most 1000 times, one within the other counted together' };
  return { kind: 'dialect', what: input === '' ? `RE2 says "${error}"` : `RE2 does not take ${input} there` };
}

interface Refusal {
  error: string;
  /** The part of the pattern that it is about. */
  input: string;
}

function refusalOfRe2(pattern: string): Refusal | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (cause) {
    // What else may go wrong says nothing of the pattern.
    if (!(cause instanceof RE2JSSyntaxException)) return undefined;
    const { error, input } = cause as { error: string; input: string | null };
    return { error, input: input ?? '' };
  }
}

/** By the part that RE2 stumbles over. */
const missingInRe2: [RegExp, string][] = [
  [/^\(\?<?[=!]/, 'look-around'],
  [/^\\[1-9kg]/, 'back-references'],
  [/^\(\?>|^[*+?}{].*\+$/, 'atomic groups and possessive quantifiers'],
];

/** What of RE2's errors others have, too: no dialect gives a sense to it. */
function isWrongEverywhere({ error, input }: Refusal, pattern: string): boolean {
  switch (error) {
    case 'missing closing )':
    case 'missing closing ]':
    case 'unexpected )':
    case 'trailing backslash at end of expression':
      return true;
    // PCRE has (*UTF8) and other verbs.
    case 'missing argument to repetition operator':
      return !/\(\*[A-Za-z]/.test(pattern);
    case 'invalid nested repetition operator':
      return !input.endsWith('}');
    case 'invalid character class range':
      return !/^(\[:|\\[pP])/.test(input);
    case 'invalid repeat count': {
      const [, least, most] = /^\{(\d+),(\d+)\}$/.exec(input) ?? [];
      return Number(least) > Number(most);
    }
    case 'invalid or unsupported Perl syntax':
    case 'invalid named capture':
      return pattern.endsWith(input) && !input.includes(')');
    default:
      return false;
  }
}

function isEcmaScript(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
