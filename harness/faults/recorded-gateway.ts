import { RouteproofError } from '../../common/errors.ts';
import { recordingPath, recordingPort } from '../../common/gateway-recording.ts';
import type { Pod } from '../base/pod-trouble.ts';
import { control } from './fault-spec.ts';
import { installationOf } from './installation.ts';
import type { Lab } from './lab.ts';

/** Has the image with faults note what its translations are given. */
export const recordVariable = { name: 'RECORD', value: '1' };

/** The healthy gateway of a lab, installed with `recordVariable`. */
export class RecordedGateway {
  readonly #lab: Lab;
  readonly #signal: AbortSignal;
  /** The uid of the pod that has recorded all of it. */
  #pod: string | undefined;

  constructor(lab: Lab, signal: AbortSignal) {
    this.#lab = lab;
    this.#signal = signal;
  }

  /** What was recorded so far is dropped. @throws as `ask` */
  async begin(): Promise<void> {
    await this.#send(recordingPath, 'POST');
  }

  /** A line of JSON for each translation. @throws as `ask`; RouteproofError RECORDING_FAILED - there is none */
  async recording(): Promise<string> {
    const recording = await this.ask(recordingPath);
    if (recording !== '') return recording;
    throw new RouteproofError('RECORDING_FAILED', 'the recorded gateway has translated nothing', {
      object: recordingPath,
      hint: 'see that its scenarios pass without faults: routeproof conformance',
    });
  }

  /** @throws RouteproofError RECORDING_FAILED - it does not answer, or what it has seen is not all that there was */
  ask(path: string): Promise<string> {
    return this.#send(path, 'GET');
  }

  async #send(path: string, method: string): Promise<string> {
    const url = `http://${await this.#address()}:${String(recordingPort)}${path}`;
    const answer = await fetch(url, { method, signal: this.#signal });
    if (answer.ok) return answer.text();
    throw new RouteproofError('RECORDING_FAILED', 'the recorded gateway does not answer', {
      object: path,
      seen: `HTTP ${String(answer.status)}`,
      hint: 'run again; if it persists, its log says why',
    });
  }

  async #address(): Promise<string> {
    const { kube } = this.#lab;
    const { namespace } = installationOf(control.name);
    const { items } = await kube.list<Pod>(await kube.kindInfo('Pod'), namespace);
    const pod = items.find(
      ({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] === 'routeproof-gateway',
    );
    const restarts = pod?.status?.containerStatuses?.[0]?.restartCount ?? 0;
    const uid = pod?.metadata?.uid;
    this.#pod ??= uid;
    if (pod?.status?.podIP !== undefined && restarts === 0 && uid === this.#pod) return pod.status.podIP;
    throw new RouteproofError('RECORDING_FAILED', 'the recorded gateway has not seen all that there was', {
      object: namespace,
      seen: pod === undefined ? 'no pod' : `${pod.metadata?.name ?? ''}, restarted ${String(restarts)} times`,
      hint: 'its log says why it ended, or run with a smaller --concurrency: it may have had too little memory',
    });
  }
}
