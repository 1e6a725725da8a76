import { expect } from 'chai';
import type { ContainerStatus, Pod, PodStatus } from '../../../api/types.ts';
import { isUrgent } from './status-urgency.ts';

const pod: Pod = { metadata: { name: 'p' } };

function status(
  of: { ready?: boolean; phase?: string; container?: Partial<ContainerStatus> } = {},
): PodStatus {
  const value = of.ready === true ? 'True' : 'False';
  const container = { name: 'c', image: 'i', imageID: '', lastState: {}, restartCount: 0, ready: false };
  return {
    phase: of.phase ?? 'Running',
    conditions: [{ type: 'Ready', status: value, lastTransitionTime: '2026-01-01T00:00:00Z' }],
    containerStatuses: [{ ...container, started: true, state: { running: {} }, ...of.container }],
  };
}

const waiting = (reason: string): Partial<ContainerStatus> => ({ state: { waiting: { reason } } });

describe('the urgency of a pod’s status', () => {
  it('is none for the steps on the way up', () => {
    const first = status({ phase: 'Pending', container: waiting('ContainerCreating') });
    expect(isUrgent(pod, undefined, first)).to.equal(false);
    expect(isUrgent(pod, first, status())).to.equal(false);
  });

  for (const [what, now] of Object.entries({
    'a pod that is ready': status({ ready: true }),
    'a pod that has ended': status({ phase: 'Failed' }),
    'an image that cannot be had': status({ container: waiting('ImagePullBackOff') }),
    'a container that was restarted': status({ container: { restartCount: 1 } }),
    'a container that has ended': status({ container: { state: { terminated: { exitCode: 1 } } } }),
  })) {
    it(`is there for ${what}, once`, () => {
      expect(isUrgent(pod, status(), now)).to.equal(true);
      expect(isUrgent(pod, now, now)).to.equal(false);
    });
  }

  it('is there for a pod that is no longer ready', () => {
    expect(isUrgent(pod, status({ ready: true }), status())).to.equal(true);
  });

  it('is none for a pod that is being deleted: its last status comes with its end', () => {
    const deleted: Pod = { metadata: { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(isUrgent(deleted, status({ ready: true }), status())).to.equal(false);
  });
});
