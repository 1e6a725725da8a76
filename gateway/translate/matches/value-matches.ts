import type { Result } from '../model/result.ts';
import type { IrRoute, IrStringMatch } from '../../ir/ir.ts';
import type { ValueMatch } from '../model/gateway-api.ts';
import { regexProblem } from './regex.ts';

type NamedMatches = IrRoute['match']['headers'];

function valueMatch(type: string | undefined, value: string): Result<IrStringMatch> {
  switch (type ?? 'Exact') {
    case 'Exact':
      return { value: { type: 'exact', value } };
    case 'RegularExpression': {
      const problem = regexProblem(value);
      return problem === undefined ? { value: { type: 'regex', value } } : { problem };
    }
    default:
      return { problem: `match type ${type ?? ''} is not supported` };
  }
}

/** Of entries whose names differ only in case the first counts and the others are ignored, not added as conditions. */
export function headerMatches(entries: readonly ValueMatch[] | undefined): Result<NamedMatches> {
  return namedMatches(entries, (name) => name.toLowerCase(), 'header');
}

/** Names of query parameters are compared as they are. */
export function queryMatches(entries: readonly ValueMatch[] | undefined): Result<NamedMatches> {
  return namedMatches(entries, (name) => name, 'query parameter');
}

function namedMatches(
  entries: readonly ValueMatch[] | undefined,
  normalName: (name: string) => string,
  what: string,
): Result<NamedMatches> {
  const matches: NamedMatches = [];
  for (const entry of entries ?? []) {
    const name = normalName(entry.name);
    if (matches.some((match) => match.name === name)) continue;
    const result = valueMatch(entry.type, entry.value);
    if (result.problem !== undefined) return { problem: `${what} ${entry.name}: ${result.problem}` };
    matches.push({ name, match: result.value });
  }
  return { value: matches };
}
