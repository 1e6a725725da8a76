import { faults } from '../../gateway/faults/catalog.ts';
import { dialects } from '../../gateway/faults/dialects/catalog.ts';
import { slowdowns } from '../../gateway/faults/slowdowns.ts';
import { crdFaults } from '../../harness/faults/crds/crd-fault.ts';
import type { FaultSpec } from '../../harness/faults/fault-spec.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import { knownClauses } from '../../harness/specs/validate.ts';

/** What is known of every planted fault, of the gateway and of the CRDs. @throws RouteproofError INVALID_INPUT - mistakes in suites/clauses */
export function plantedFaults(): readonly FaultSpec[] {
  return [...faults, ...crdFaults(knownClauses())];
}

/** What `--fault` or `--dialect` of some command takes. @throws RouteproofError INVALID_INPUT - mistakes in suites/clauses */
export function plantedNames(): string[] {
  return [...plantedFaults(), ...dialects, ...slowdowns].map(({ name }) => name);
}

/** @throws RouteproofError UNKNOWN_FAULT - with near matches */
export function mustBeFault(name: string): void {
  mustBeKnown(
    'UNKNOWN_FAULT',
    'fault',
    name,
    plantedFaults().map((fault) => fault.name),
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

/** @throws RouteproofError UNKNOWN_FAULT - with near matches: what is wrong with a gateway is no matter of a benchmark */
export function mustBeSlowdown(name: string): void {
  mustBeKnown(
    'UNKNOWN_FAULT',
    'fault of a benchmark',
    name,
    slowdowns.map((slowdown) => slowdown.name),
  );
}
