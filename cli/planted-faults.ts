import { faults } from '../gateway/faults/catalog.ts';
import { dialects } from '../gateway/faults/dialects/catalog.ts';
import type { FaultSpec } from '../harness/faults/fault-spec.ts';
import { mustBeKnown } from '../harness/scenario/spec-files.ts';

/** What is known of every planted fault; how each is made is the gateway's affair. */
export const plantedFaults: readonly FaultSpec[] = faults;

/** @throws RouteproofError UNKNOWN_FAULT - with near matches */
export function mustBeFault(name: string): void {
  mustBeKnown(
    'UNKNOWN_FAULT',
    'fault',
    name,
    faults.map((fault) => fault.name),
  );
}

/** @throws RouteproofError USAGE - with near matches */
export function mustBeDialect(name: string): void {
  mustBeKnown(
    'USAGE',
    'dialect',
    name,
    dialects.map((dialect) => dialect.name),
  );
}
