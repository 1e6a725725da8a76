import { flawOf, type Flaw } from '../regular-expression.ts';
import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { matchesOf } from './grpc-matches.ts';

/** Matches by regular expression: whether they work is the implementation's choice, if not nobody's. */
export const regularExpressionRules: Rule[] = [
  {
    id: 'regular-expression-invalid',
    level: 'error',
    clause: 'method-regex-invalid-pattern',
    check: flaws('syntax', ({ what }, pattern) => ({
      message: `${JSON.stringify(pattern)} is no regular expression: ${what}`,
      fix: 'close what is open, and escape with \\ what is meant literally',
    })),
  },
  {
    id: 'regular-expression-dialect',
    level: 'warning',
    clause: 'method-regex-dialect-free',
    check: flaws('dialect', ({ what }, pattern) => ({
      message: `${what}, so gateways with Envoy refuse ${JSON.stringify(pattern)}`,
      fix: 'write it with syntax common to RE2 and PCRE, or as several matches',
    })),
  },
  {
    id: 'regular-expression',
    level: 'note',
    clause: 'method-regex-unsupported-visible',
    check: (source) =>
      [...new Map(patternsOf(source).map(({ typePath }) => [typePath.join('.'), typePath])).values()].map(
        (path) => ({
          path,
          message: 'not every implementation has regular expressions, and each has its own dialect',
          fix: 'use Exact where you can, else syntax common to RE2 and PCRE, and write it as if it had to match the whole value',
        }),
      ),
  },
];

interface PlacedPattern {
  path: FieldPath;
  pattern: string;
  typePath: FieldPath;
}

function patternsOf(source: SourceObject): PlacedPattern[] {
  return matchesOf(source).flatMap(({ path, match: { method, headers = [] } }) => {
    const placed = (at: FieldPath, field: string, pattern: string | undefined): PlacedPattern[] =>
      pattern === undefined ? [] : [{ path: [...at, field], pattern, typePath: [...at, 'type'] }];
    const isRegex = (type?: string): boolean => type === 'RegularExpression';
    const methodAt = [...path, 'method'];
    return [
      ...(isRegex(method?.type)
        ? [...placed(methodAt, 'service', method?.service), ...placed(methodAt, 'method', method?.method)]
        : []),
      ...headers.flatMap(({ type, value }, index) =>
        isRegex(type) ? placed([...path, 'headers', index], 'value', value) : [],
      ),
    ];
  });
}

function flaws(kind: Flaw['kind'], say: (flaw: Flaw, pattern: string) => Omit<Issue, 'path'>): Rule['check'] {
  return (source) =>
    patternsOf(source).flatMap(({ path, pattern }) => {
      const flaw = flawOf(pattern);
      return flaw?.kind === kind ? [{ path, ...say(flaw, pattern) }] : [];
    });
}
