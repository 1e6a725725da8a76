import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mustBeKnown } from '../../common/known-names.ts';
import { suitesDir, codeExtension } from '../../common/tools.ts';
import { suiteOf } from './registry.ts';

const ending = `.spec${codeExtension}`;

export interface Selection {
  suites?: string[];
  scenarios?: string[];
  clauses?: string[];
}

/** The scenario id of each spec file under `dir`, by path. */
export function specFiles(dir = suitesDir): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort();
  return new Map(files.map((file) => [file.replaceAll('\\', '/').slice(0, -ending.length), join(dir, file)]));
}

/** The id that a spec file's scenario must have. */
export function idOfFile(file: string, dir = suitesDir): string {
  return relative(dir, file).replaceAll('\\', '/').slice(0, -ending.length);
}

/**
 * The spec files that `suites` and `scenarios` select; all of them when neither is given.
 *
 * @throws RouteproofError UNKNOWN_SUITE, UNKNOWN_SCENARIO - with near matches
 */
export function selectFiles(selection: Selection, files: Map<string, string>): string[] {
  const ids = [...files.keys()];
  const suites = new Set(ids.map(suiteOf));
  for (const suite of selection.suites ?? []) mustBeKnown('UNKNOWN_SUITE', 'suite', suite, suites);
  for (const id of selection.scenarios ?? []) mustBeKnown('UNKNOWN_SCENARIO', 'scenario', id, ids);
  const all = selection.suites === undefined && selection.scenarios === undefined;
  return ids
    .filter(
      (id) =>
        all || selection.suites?.includes(suiteOf(id)) === true || selection.scenarios?.includes(id) === true,
    )
    .map((id) => files.get(id) ?? '');
}
