import { given } from '../../../../common/given.ts';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../../api/types.ts';
import { networkPlan } from '../../../network/network-plan.ts';
import { hasRun, isInitialized, podPhase, sidecarNames } from './pod-phase.ts';

export interface PodFacts {
  pod: Pod;
  podIp: string | undefined;
  inits: ContainerStatus[];
  containers: ContainerStatus[];
  startTime: string;
  /** RFC 3339; for conditions that change. */
  now: string;
}

interface Verdict {
  status: boolean;
  reason?: string;
  message?: string;
}

/** A pod's status from what is known of its containers, with the conditions, reasons and messages of a kubelet. */
export function podStatus(facts: PodFacts): PodStatus {
  const { pod, podIp, inits, containers, startTime } = facts;
  const phase = podPhase(pod, inits, containers);
  const status: PodStatus = {
    ...given({ observedGeneration: pod.metadata?.generation }),
    phase,
    conditions: conditions(facts, phase),
    hostIP: networkPlan.nodeIp,
    hostIPs: [{ ip: networkPlan.nodeIp }],
    startTime,
    containerStatuses: containers,
    qosClass: pod.status?.qosClass ?? 'BestEffort',
  };
  if (podIp !== undefined) Object.assign(status, { podIP: podIp, podIPs: [{ ip: podIp }] });
  if (inits.length > 0) status.initContainerStatuses = inits;
  return status;
}

function conditions(facts: PodFacts, phase: string): PodCondition[] {
  const { pod, podIp } = facts;
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const containersReady = containersReadyVerdict(facts, phase);
  const verdicts: Record<string, Verdict> = {
    PodReadyToStartContainers: { status: podIp !== undefined && !isOver },
    Initialized: initializedVerdict(facts, phase),
    Ready: readyVerdict(pod, containersReady),
    ContainersReady: containersReady,
    PodScheduled: { status: true },
  };
  const own = Object.entries(verdicts).map(([type, verdict]) => condition(type, verdict, facts));
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !(type in verdicts));
  return [...own, ...foreign];
}

/** Keeps the time of the last transition while the status stays what it was. */
function condition(type: string, { status, reason, message }: Verdict, { pod, now }: PodFacts): PodCondition {
  const text = status ? 'True' : 'False';
  const before = pod.status?.conditions?.find((other) => other.type === type);
  const lastTransitionTime = before?.status === text ? (before.lastTransitionTime ?? now) : now;
  return {
    type,
    status: text,
    lastTransitionTime,
    ...given({ observedGeneration: pod.metadata?.generation, reason, message }),
  };
}

function initializedVerdict({ pod, inits, containers }: PodFacts, phase: string): Verdict {
  if (phase === 'Succeeded') return { status: true, reason: 'PodCompleted' };
  // What has been initialized once stays so, also while a sidecar is restarted.
  if (isInitialized(pod, inits) || containers.some(hasRun)) return { status: true };
  const sidecars = sidecarNames(pod);
  const missing = inits.filter(({ state, started, name }) =>
    sidecars.has(name) ? started !== true : state?.terminated?.exitCode !== 0,
  );
  const message = `containers with incomplete status: [${missing.map(({ name }) => name).join(' ')}]`;
  return { status: false, reason: 'ContainersNotInitialized', message };
}

function containersReadyVerdict({ pod, inits, containers }: PodFacts, phase: string): Verdict {
  if (phase === 'Succeeded') return { status: false, reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: false, reason: 'PodFailed' };
  const sidecars = sidecarNames(pod);
  const wanted = [...inits.filter(({ name }) => sidecars.has(name)), ...containers];
  const unready = wanted.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { status: true };
  return {
    status: false,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

function readyVerdict(pod: Pod, containersReady: Verdict): Verdict {
  if (!containersReady.status) return containersReady;
  const isTrue = (type: string): boolean =>
    pod.status?.conditions?.some((other) => other.type === type && other.status === 'True') ?? false;
  const missing = (pod.spec?.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter((type) => !isTrue(type));
  if (missing.length === 0) return { status: true };
  const message = missing
    .map((type) => `corresponding condition of pod readiness gate "${type}" does not exist.`)
    .join(', ');
  return { status: false, reason: 'ReadinessGatesNotReady', message };
}
