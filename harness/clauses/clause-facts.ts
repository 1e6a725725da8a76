import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../../common/given.ts';
import { clauseFiles, clausesDir } from './clause.ts';

/** What a run has to know of a clause. */
export interface ClauseFacts {
  /** First and last release that says so. */
  since?: string;
  until?: string;
  /** Whether the installed CRDs have to be of such a release as well. */
  crds?: true;
  /** No sentence of the spec states it, or the spec contradicts itself there: told, and never a failure. */
  informational: boolean;
}

export type ClauseIndex = ReadonlyMap<string, ClauseFacts>;

/** Read by line: parsing 700 entries takes longer than all other checks before a run. */
export function readClauseIndex(dir = clausesDir): ClauseIndex {
  const entries = clauseFiles.flatMap((file) =>
    readFileSync(join(dir, file), 'utf8')
      .split(/^- id: /m)
      .slice(1)
      .map(factsIn),
  );
  return new Map(entries);
}

function factsIn(entry: string): [id: string, facts: ClauseFacts] {
  const field = (name: string): string | undefined => new RegExp(`^  ${name}: (.*)$`, 'm').exec(entry)?.[1];
  const since = field('since');
  const until = field('until');
  const informational = /\(inferred\)'?$/.test(field('source') ?? '') || field('contradicted') !== undefined;
  return [
    /^\S+/.exec(entry)?.[0] ?? '',
    {
      informational,
      ...(field('crds') === 'true' ? { crds: true } : {}),
      ...given({ since, until }),
    },
  ];
}
