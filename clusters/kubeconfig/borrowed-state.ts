import { RouteproofError } from '../../common/errors.ts';
import { isRunning, type ProcessIdentity } from '../local/process-identity.ts';
import type { UpOptions } from '../provider.ts';
import { StateStore } from '../state-store.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** What is kept of a cluster that is not ours while we use it, beside a kubeconfig of its context alone. */
export interface BorrowedState {
  name: string;
  lifetime: UpOptions['lifetime'];
  /** The process that uses it, for `attached`. An earlier version of this program left states without. */
  starter?: ProcessIdentity;
  context: string;
  server: string;
  versions: Record<string, string>;
}

export const borrowed = new StateStore<BorrowedState>('borrowed');

/** Credentials that a process left which is gone. */
export function sweepDeadBorrowed(): void {
  for (const { name, lifetime, starter } of borrowed.all())
    if (lifetime === 'attached' && (starter === undefined || !isRunning(starter))) borrowed.remove(name);
}

/** @throws RouteproofError CLUSTER_EXISTS, STATE_UNUSABLE */
export function claimBorrowed(state: BorrowedState, kubeconfig: Kubeconfig): void {
  if (borrowed.claim(state, { kubeconfig })) return;
  throw new RouteproofError('CLUSTER_EXISTS', 'a cluster of this name is in use already', {
    object: `cluster ${state.name}`,
    seen: borrowed.dirOf(state.name),
    hint: 'choose another name',
  });
}
