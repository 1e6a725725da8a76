import { RouteproofError } from '../common/errors.ts';
import { controlPlaneSubjects } from '../harness/control-plane/subjects.ts';
import type { Subject } from '../harness/control-plane/subject.ts';
import type { LoadSubject } from '../harness/load/subject.ts';
import { loadSubjects } from '../harness/load/subjects.ts';

const all = 'control-plane';
const defaults = ['unary-latency'];

/** Of `matrix`: what calls cost, and what changes of the configuration do. */
export const matrixSubjects = [...defaults, all];

interface Chosen {
  /** Of calls. */
  load: LoadSubject[];
  controlPlane: Subject[];
}

/** @throws RouteproofError INVALID_INPUT - there is no such subject */
export function mustBeSubjects(names: readonly string[] = defaults): Chosen {
  const known = [...[...loadSubjects, ...controlPlaneSubjects].map(({ name }) => name), all];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new RouteproofError('INVALID_INPUT', 'there is no such benchmark', {
      object: `--subject ${name}`,
      hint: `one of ${known.join(', ')}`,
    });
  }
  return {
    load: loadSubjects.filter(({ name }) => names.includes(name)),
    controlPlane: controlPlaneSubjects.filter(({ name }) => names.includes(name) || names.includes(all)),
  };
}
