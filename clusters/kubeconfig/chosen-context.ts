import type { Kubeconfig } from './kubeconfig.ts';

/** The context of a kubeconfig that a run uses. */
export interface ChosenContext {
  context: string;
  server: string;
  /** A kubeconfig of that context alone, paths in it absolute. */
  kubeconfig: Kubeconfig;
}
