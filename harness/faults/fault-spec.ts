import type { Layer } from '../results/run.ts';

/** What the harness knows of a planted fault. How it is made is the gateway's affair. */
export interface FaultSpec {
  /** kebab-case; the implementation is installed under it. */
  name: string;
  title: string;
  area: string;
  /** Ids of suites/clauses that it violates. */
  clauses: readonly string[];
  /** Where a verdict may see it. */
  layers: readonly Layer[];
  reference?: string;
  /** The release channel whose CRDs it needs; default any. */
  channel?: 'experimental';
  /** Whatever else happens hides it: it is tried by itself, and quiet scenarios are the ones to notice. */
  quiet?: true;
}

/** The implementation without a fault. */
export const control: FaultSpec = {
  name: 'none',
  title: 'the healthy gateway',
  area: '',
  clauses: [],
  layers: [],
};
