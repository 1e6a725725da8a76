import { faults } from '../gateway/faults/catalog.ts';
import { mustBeKnown } from '../harness/scenario/spec-files.ts';

/** @throws RouteproofError UNKNOWN_FAULT - with near matches */
export function mustBeFault(name: string): void {
  mustBeKnown(
    'UNKNOWN_FAULT',
    'fault',
    name,
    faults.map((fault) => fault.name),
  );
}
