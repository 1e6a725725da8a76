import type { ContainerEngine } from '../../common/container-engine.ts';
import type { ErrorCode, ErrorDetails } from '../../common/errors.ts';

/** What start-container.ts is asked for, as JSON in its argument. */
export interface StartRequest {
  engine: ContainerEngine;
  image: string;
  node: string;
  labels: Record<string, string>;
  command: string[];
  timeoutMs: number;
}

/** What it says at its end, as JSON on standard output; its steps are lines on standard error. */
export type StartResult = { kubeconfig: string } | { failure: Failure };

type Failure = { code: ErrorCode; what: string } & Omit<ErrorDetails, 'cause'>;

/** A RouteproofError on its way from one process to the other. */
export class StartFailure extends Error {
  readonly failure: Failure;

  constructor(code: ErrorCode, what: string, details: Omit<ErrorDetails, 'cause'>) {
    super(what);
    this.failure = { code, what, ...details };
  }
}
