import { RouteproofError } from '../../common/errors.ts';
import { identityOf, isIdentity, isRunning, type ProcessIdentity } from '../host/process-identity.ts';
import { isLifetime, type Lifetime } from '../provider.ts';
import { StateStore } from '../state-store.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** What is kept of a cluster that is not ours while we use it, beside a kubeconfig of its context alone. */
export interface BorrowedState {
  name: string;
  lifetime: Lifetime;
  /** The process that uses it, for `attached`. */
  starter?: ProcessIdentity;
  /** An earlier version of this program, whose runs may still go on, wrote this in place of `starter`. */
  pid?: number;
  context: string;
  server: string;
  versions: Record<string, string>;
}

export const borrowed = new StateStore<BorrowedState>(
  'borrowed',
  ({ lifetime, starter, pid, context, server, versions }) =>
    isLifetime(lifetime) &&
    (isIdentity(starter) || (starter === undefined && typeof pid === 'number')) &&
    [context, server].every((text) => typeof text === 'string') &&
    typeof versions === 'object' &&
    versions !== null,
);

/** Credentials that a process left which is gone. */
export function sweepDeadBorrowed(): void {
  for (const state of borrowed.all().states)
    if (state.lifetime === 'attached' && !isInUse(state)) borrowed.removeIfStill(state.name, state);
}

function isInUse({ starter, pid }: BorrowedState): boolean {
  if (starter !== undefined) return isRunning(starter);
  return pid !== undefined && identityOf(pid) !== undefined;
}

/** @throws RouteproofError CLUSTER_EXISTS, STATE_UNUSABLE, DISK_FULL */
export function claimBorrowed(state: BorrowedState, kubeconfig: Kubeconfig): void {
  if (borrowed.claim(state, { kubeconfig })) return;
  throw new RouteproofError('CLUSTER_EXISTS', 'a cluster of this name is in use already', {
    object: `cluster ${state.name}`,
    seen: borrowed.dirOf(state.name),
    hint: 'choose another name',
  });
}
