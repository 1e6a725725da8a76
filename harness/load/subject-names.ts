import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';

const loadScriptDir = join(projectRoot, 'suites', 'load');
const ending = '.k6.ts';

/** Benchmarks of calls: each is a script in suites/load. */
export function loadSubjects(): string[] {
  return readdirSync(loadScriptDir)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

/** Of a subject that is one of `loadSubjects`. */
export function loadScript(subject: string): string {
  return join(loadScriptDir, `${subject}${ending}`);
}
