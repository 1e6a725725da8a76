import type { ControlPlaneResult } from '../results/control-plane.ts';
import type { Lab } from './lab.ts';

export type Length = 'quick' | 'long';

export interface Plan {
  length: Length;
  /** Numbers of routes, growing, instead of those of the length. */
  sizes?: number[];
}

/** One benchmark of the control plane. It meets the implementation through the Kubernetes API and the wire only. */
export interface Subject {
  /** As --subject takes it. */
  name: string;
  title: string;
  /** About how long it takes with the bundled gateway on two cores. */
  seconds: Record<Length, number>;
  /** @throws RouteproofError - it could not be measured; the run goes on with the next one */
  measure: (lab: Lab, plan: Plan) => Promise<Measured>;
}

type Measured = Pick<ControlPlaneResult, 'figures'> & Partial<Pick<ControlPlaneResult, 'notMeasured'>>;
