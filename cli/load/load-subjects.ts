import { controlPlaneSubjects } from '../../harness/control-plane/subjects.ts';
import type { Subject } from '../../harness/control-plane/subject.ts';
import type { LoadSubject } from '../../harness/load/subject.ts';
import { loadSubjects } from '../../harness/load/subjects.ts';
import { mustBeKnown } from '../../common/known-names.ts';

const all = 'control-plane';
const defaults = ['unary-latency'];

/** Of `matrix`: what calls cost, and what changes of the configuration do. */
export const matrixSubjects = [...defaults, all];

interface Chosen {
  /** Of calls. */
  load: LoadSubject[];
  controlPlane: Subject[];
}

/** @throws RouteproofError USAGE - there is no such subject, with near matches */
export function mustBeSubjects(names: readonly string[] = defaults): Chosen {
  const known = [...[...loadSubjects, ...controlPlaneSubjects].map(({ name }) => name), all];
  for (const name of names) mustBeKnown('USAGE', 'benchmark', name, known);
  return {
    load: loadSubjects.filter(({ name }) => names.includes(name)),
    controlPlane: controlPlaneSubjects.filter(({ name }) => names.includes(name) || names.includes(all)),
  };
}
