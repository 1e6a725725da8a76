import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RouteproofError, messageOf } from '../../common/errors.ts';
import { suitesDir } from '../../common/tools.ts';

/** One testable statement of the spec, as suites/clauses/*.yaml writes it. */
export interface Clause {
  id: string;
  level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';
  support: string;
  channel: 'standard' | 'experimental';
  /** The release from which on what is of the experimental channel is of the standard one too. */
  standardSince?: string;
  /** First and last release of Gateway API that says so; absent: all that are served here. */
  since?: string;
  until?: string;
  /** Whether only the CRDs of such a release have what it is about. */
  crds?: true;
  /** Where the document says otherwise itself, for what is told and never a failure. */
  contradicted?: string;
  /** Where the rule lives; a suffix `(CEL)` or `(inferred)` says more. */
  source: string;
  says: string;
  /** How it can be seen. */
  check: string;
  upstream: string;
}

export const clausesDir = join(suitesDir, 'clauses');

/** The files that hold clauses; the others beside them say something about clauses. */
export const clauseFiles = ['clauses.yaml', 'grpc.yaml'] as const;

/**
 * Every clause, in the order of the files.
 *
 * @throws RouteproofError INVALID_INPUT
 */
export function readClauses(dir = clausesDir): Clause[] {
  return clauseFiles.flatMap((file) => readYaml(join(dir, file)) as Clause[]);
}

/**
 * Clauses that no black box can see, with the reviewed reason for each (unseen.yaml).
 *
 * @throws RouteproofError INVALID_INPUT
 */
export function readUnseen(dir = clausesDir): Map<string, string> {
  return new Map(Object.entries(readYaml(join(dir, 'unseen.yaml')) as Record<string, string>));
}

/** @throws RouteproofError INVALID_INPUT */
export function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RouteproofError('INVALID_INPUT', 'it cannot be read as YAML', {
      object: path,
      seen: messageOf(error),
      hint: 'mend it at the line that is named; in the npm package, install it again',
      cause: error,
    });
  }
}

/** The part of a clause's id before the first '-': what it is about. */
export function areaOf(id: string): string {
  return id.split('-')[0] ?? id;
}
