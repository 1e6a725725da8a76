import type { ClauseCoverage } from './coverage.ts';
import type { FaultSpec } from '../faults/fault-spec.ts';
import { aimedAt } from '../faults/judge.ts';
import type { ScenarioMeta } from '../specs/api.ts';
import { mustBeKnown } from '../../common/known-names.ts';

/** A scenario with the files it is made of, from the project's root. */
export interface ScenarioFacts extends ScenarioMeta {
  spec: string;
  /** The manifests that it may apply; those that are there. */
  files: string[];
}

export interface Known {
  clauses: readonly ClauseCoverage[];
  scenarios: readonly ScenarioFacts[];
  faults: readonly FaultSpec[];
}

/** A reference to another explanation, with its sentence. */
interface Named {
  name: string;
  title: string;
}

export type Explanation =
  | { kind: 'clause'; name: string; clause: ClauseCoverage; scenarios: Named[]; faults: Named[] }
  | { kind: 'scenario'; name: string; scenario: ScenarioFacts; clauses: Named[]; faults: Named[] }
  | { kind: 'fault'; name: string; fault: FaultSpec; clauses: Named[]; scenarios: Named[] };

/**
 * What a name stands for, and what is tied to it: the scenarios that prove a clause, and the planted faults that break it and so turn
 * them red. Several explanations where a fault is named like a clause.
 *
 * @throws RouteproofError USAGE - nothing has that name; near matches are told
 */
export function explain(name: string, known: Known): Explanation[] {
  const { clauses, scenarios, faults } = known;
  mustBeKnown('USAGE', 'clause, scenario or fault', name, [
    ...clauses.map(({ id }) => id),
    ...scenarios.map(({ id }) => id),
    ...faults.map((fault) => fault.name),
  ]);
  return [
    ...clauses.filter(({ id }) => id === name).map((clause) => explainClause(clause, known)),
    ...scenarios.filter(({ id }) => id === name).map((scenario) => explainScenario(scenario, known)),
    ...faults.filter((fault) => fault.name === name).map((fault) => explainFault(fault, known)),
  ];
}

function explainClause(clause: ClauseCoverage, { scenarios, faults }: Known): Explanation {
  return {
    kind: 'clause',
    name: clause.id,
    clause,
    scenarios: scenarios.filter(({ clauses }) => clauses.includes(clause.id)).map(asNamed),
    faults: faults.filter(({ clauses }) => clauses.includes(clause.id)),
  };
}

function explainScenario(scenario: ScenarioFacts, { clauses, faults }: Known): Explanation {
  return {
    kind: 'scenario',
    name: scenario.id,
    scenario,
    clauses: named(scenario.clauses, clauses),
    faults: faults.filter((fault) => aimedAt(fault, [scenario]).aimed.length > 0),
  };
}

function explainFault(fault: FaultSpec, { clauses, scenarios }: Known): Explanation {
  return {
    kind: 'fault',
    name: fault.name,
    fault,
    clauses: named(fault.clauses, clauses),
    scenarios: aimedAt(fault, scenarios).aimed.map(asNamed),
  };
}

function named(ids: readonly string[], clauses: readonly ClauseCoverage[]): Named[] {
  return ids.map((id) => ({ name: id, title: clauses.find((clause) => clause.id === id)?.says ?? '' }));
}

function asNamed({ id, title }: ScenarioFacts): Named {
  return { name: id, title };
}
