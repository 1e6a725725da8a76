import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';

interface Ended {
  exitCode: number;
  reason?: string;
  message?: string;
}

interface State {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: Ended;
}

interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  state?: State;
  lastState?: State;
}

export interface Pod extends KubeObject {
  status?: {
    phase?: string;
    podIP?: string;
    conditions?: { type: string; status: string; message?: string }[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface Event extends KubeObject {
  type?: string;
  message?: string;
}

const shownPods = 3;
const shownLines = 5;
const indent = '\n        ';

export function isReady(pod: Pod): boolean {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return condition?.status === 'True' && pod.status?.podIP !== undefined;
}

/** What keeps pods of a selector from being ready; empty when there is none or it cannot be read. Never throws. */
export async function troubleOfSelected(
  kube: KubeClient,
  namespace: string,
  labels: Record<string, string>,
): Promise<string> {
  try {
    const labelSelector = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const query = { labelSelector: labelSelector.join() };
    const { items } = await kube.list<Pod>(await kube.kindInfo('Pod'), namespace, query);
    return items.length === 0
      ? `${indent}no pod in ${namespace} has ${query.labelSelector}`
      : (await podTroubles(kube, items)).map((line) => indent + line).join('');
  } catch {
    // It explains another failure, which is told in any case.
    return '';
  }
}

/** As lines: of each container that is not ready its state, how its last run ended, and its last words. */
export async function podTroubles(kube: KubeClient, pods: readonly Pod[]): Promise<string[]> {
  const unready = pods.filter((pod) => !isReady(pod) && pod.metadata?.deletionTimestamp === undefined);
  const lines = await Promise.all(unready.slice(0, shownPods).map((pod) => troubleOf(kube, pod)));
  const more = unready.length - shownPods;
  return [...lines.flat(), ...(more > 0 ? [`and ${String(more)} more pods`] : [])];
}

async function troubleOf(kube: KubeClient, pod: Pod): Promise<string[]> {
  const { initContainerStatuses = [], containerStatuses = [], phase = 'Pending' } = pod.status ?? {};
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const all = [...initContainerStatuses, ...containerStatuses].filter(({ ready }) => ready !== true);
  const begun = all.filter(hasBegun);
  const lines = await Promise.all(
    begun.map(async (status) => {
      const words = await lastWords(kube, pod, status);
      return [`pod ${namespace}/${name}, container ${status.name}: ${describeState(status)}`, ...words];
    }),
  );
  if (begun.length === 0) lines.push([`pod ${namespace}/${name} is ${phase}`]);
  // A container that waits says itself what for.
  const isSilent = begun.every(({ state }) => state?.waiting === undefined);
  const warning = isSilent ? await lastWarning(kube, pod) : undefined;
  if (warning !== undefined) lines.push([`  event: ${warning}`]);
  return lines.flat();
}

/** Until the first init container is done, all others only wait for it. */
function hasBegun({ state, lastState }: ContainerStatus): boolean {
  const waitsForOthers = ['PodInitializing', 'ContainerCreating'].includes(state?.waiting?.reason ?? '');
  return !waitsForOthers || lastState?.terminated !== undefined;
}

function describeState({ state = {}, lastState, restartCount = 0 }: ContainerStatus): string {
  const { waiting, terminated, running } = state;
  const before = lastState?.terminated;
  const texts: string[] = [];
  if (waiting?.reason !== undefined) texts.push(waiting.reason);
  // The message of a back-off is how long it is, and the names that stand here already.
  if (waiting?.message !== undefined && before === undefined) texts.push(waiting.message);
  if (terminated !== undefined) texts.push(`it ${ending(terminated)}`);
  if (running !== undefined) texts.push('it runs but is not ready');
  if (before !== undefined) texts.push(`its last run ${ending(before)}`, `restarts: ${String(restartCount)}`);
  return texts.join('; ');
}

function ending({ exitCode, reason }: Ended): string {
  return `ended with exit code ${String(exitCode)}${reason === undefined ? '' : ` (${reason})`}`;
}

/** The termination message, else the end of the log of the last run that there was. */
async function lastWords(kube: KubeClient, pod: Pod, status: ContainerStatus): Promise<string[]> {
  const { state = {}, lastState, name } = status;
  const message = (state.terminated ?? lastState?.terminated)?.message ?? '';
  if (message !== '') return quoted(message);
  const previous = state.waiting !== undefined && lastState?.terminated !== undefined;
  if (state.waiting !== undefined && !previous) return [];
  const { namespace = '', name: podName = '' } = pod.metadata ?? {};
  const log = await kube.lastLogLines(namespace, podName, name, { previous, lines: shownLines });
  return quoted(log);
}

function quoted(text: string): string[] {
  const lines = text.trimEnd().split('\n').filter(Boolean).slice(-shownLines);
  return lines.map((line) => `  | ${line.slice(0, 300)}`);
}

async function lastWarning(kube: KubeClient, { metadata }: Pod): Promise<string | undefined> {
  const fieldSelector = `involvedObject.uid=${metadata?.uid ?? ''},type=Warning`;
  const path = `/api/v1/namespaces/${metadata?.namespace ?? ''}/events`;
  const { items = [] } = (await kube.send('GET', path, { query: { fieldSelector } })) as { items?: Event[] };
  return items.at(-1)?.message;
}
