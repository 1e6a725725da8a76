import { expect } from 'chai';
import type { ContainerStatus, Pod, PodSpec } from '../../../api/types.ts';
import { podStatus } from './pod-status.ts';

type Shape = 'waiting' | 'running' | 'ready' | 'ok' | 'failed' | 'crash-loop';

function status(name: string, shape: Shape): ContainerStatus {
  const base = { name, image: 'i', imageID: '', restartCount: 0, ready: shape === 'ready', lastState: {} };
  const ended = (exitCode: number) => ({ terminated: { exitCode } });
  switch (shape) {
    case 'waiting':
      return { ...base, state: { waiting: { reason: 'ContainerCreating' } }, started: false };
    case 'running':
    case 'ready':
      return { ...base, state: { running: {} }, started: true };
    case 'ok':
      return { ...base, state: ended(0), started: false };
    case 'failed':
      return { ...base, state: ended(1), started: false };
    case 'crash-loop':
      return {
        ...base,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: ended(1),
        started: false,
      };
  }
}

function statusOf(
  containers: Shape[],
  {
    inits = [],
    spec = {},
    before = {},
  }: { inits?: Shape[]; spec?: Partial<PodSpec>; before?: Pod['status'] } = {},
) {
  const pod: Pod = {
    metadata: { name: 'p', generation: 4 },
    spec: { containers: [], initContainers: inits.map((_, i) => ({ name: `i${i}` })), ...spec },
    status: before,
  };
  const result = podStatus({
    pod,
    podIp: '10.244.0.5',
    inits: inits.map((shape, i) => status(`i${i}`, shape)),
    containers: containers.map((shape, i) => status(`c${i}`, shape)),
    startTime: '2026-01-01T00:00:00Z',
    now: '2026-01-01T00:00:09Z',
  });
  const conditions = Object.fromEntries(
    (result.conditions ?? []).map((condition) => [condition.type, condition]),
  );
  return { ...result, conditions };
}

describe('podStatus', () => {
  const phases: [Shape[], string, string][] = [
    [['waiting'], 'Always', 'Pending'],
    [['ready', 'waiting'], 'Always', 'Pending'],
    [['running'], 'Always', 'Running'],
    [['crash-loop'], 'Always', 'Running'],
    [['failed'], 'Always', 'Running'],
    [['ok'], 'Always', 'Running'],
    [['ok', 'ready'], 'Never', 'Running'],
    [['ok', 'ok'], 'Never', 'Succeeded'],
    [['ok', 'failed'], 'Never', 'Failed'],
    [['failed'], 'OnFailure', 'Running'],
    [['ok'], 'OnFailure', 'Succeeded'],
  ];
  for (const [containers, restartPolicy, phase] of phases) {
    it(`is ${phase} with ${containers.join(' and ')} under ${restartPolicy}`, () => {
      expect(statusOf(containers, { spec: { restartPolicy } }).phase).to.equal(phase);
    });
  }

  it('is Pending while init containers run, and Failed when one has failed for good', () => {
    expect(statusOf(['waiting'], { inits: ['running'] }).phase).to.equal('Pending');
    expect(statusOf(['waiting'], { inits: ['failed'], spec: { restartPolicy: 'Never' } }).phase).to.equal(
      'Failed',
    );
  });

  it('says which containers are not ready', () => {
    const { conditions } = statusOf(['ready', 'running', 'waiting']);
    for (const type of ['ContainersReady', 'Ready']) {
      expect(conditions[type]).to.include({
        status: 'False',
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [c1 c2]',
        observedGeneration: 4,
      });
    }
  });

  it('says which init containers are not done', () => {
    const { conditions } = statusOf(['waiting'], { inits: ['ok', 'running', 'waiting'] });
    expect(conditions['Initialized']).to.include({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [i1 i2]',
    });
  });

  it('is Ready when all containers are', () => {
    const { conditions } = statusOf(['ready']);
    const types = ['PodScheduled', 'PodReadyToStartContainers', 'Initialized', 'ContainersReady', 'Ready'];
    expect(types.map((type) => conditions[type]?.status)).to.deep.equal(types.map(() => 'True'));
  });

  it('counts a sidecar among what has to be ready', () => {
    const sidecar = { initContainers: [{ name: 'i0', restartPolicy: 'Always' }] };
    expect(statusOf(['ready'], { inits: ['running'], spec: sidecar }).conditions['Ready']?.status).to.equal(
      'False',
    );
    expect(statusOf(['ready'], { inits: ['ready'], spec: sidecar }).conditions['Ready']?.status).to.equal(
      'True',
    );
  });

  it('is not ready once it has completed', () => {
    const { conditions } = statusOf(['ok'], { spec: { restartPolicy: 'Never' } });
    expect(conditions['Ready']).to.include({ status: 'False', reason: 'PodCompleted' });
  });

  it('waits for readiness gates', () => {
    const spec = { readinessGates: [{ conditionType: 'x/y' }] };
    expect(statusOf(['ready'], { spec }).conditions['Ready']).to.include({
      reason: 'ReadinessGatesNotReady',
    });
    const gate = { type: 'x/y', status: 'True' };
    const open = statusOf(['ready'], { spec, before: { conditions: [gate] } });
    expect(open.conditions['Ready']?.status).to.equal('True');
    expect(open.conditions['x/y']).to.deep.equal(gate);
  });

  it('keeps the time of the last transition while a condition stays', () => {
    const was = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:03Z' };
    const stays = statusOf(['ready'], { before: { conditions: [was] } });
    expect(stays.conditions['Ready']?.lastTransitionTime).to.equal('2026-01-01T00:00:03Z');
    const changes = statusOf(['running'], { before: { conditions: [was] } });
    expect(changes.conditions['Ready']?.lastTransitionTime).to.equal('2026-01-01T00:00:09Z');
  });
});
