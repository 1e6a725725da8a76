import { podOf, receivedOf, seenCall, type SeenCall } from '../../rpc/received.ts';
import type { WireAnswer } from '../../rpc/wire.ts';
import { backendName, podOfBackend } from './backend-names.ts';
import type { ScenarioCore } from '../core/core.ts';

/** The backend that answered: by its own word, or else by the ledgers of the shared echo pods. */
export async function whoAnswered(
  core: ScenarioCore,
  answer: WireAnswer,
  nonce: string,
  lookUp: boolean,
): Promise<{ name: string; call: SeenCall | undefined } | undefined> {
  const nameOfPod = (pod: string): string => backendName(core, pod);
  const received = receivedOf(answer.responses[0]);
  const pod = podOf(answer.responses[0]);
  if (pod !== undefined && received !== undefined)
    return { name: nameOfPod(pod), call: seenCall(received, nameOfPod) };
  const found = lookUp ? await lookUpCall(core, nonce) : undefined;
  if (found !== undefined) return { name: nameOfPod(pod ?? found.pod), call: found };
  return pod === undefined ? undefined : { name: nameOfPod(pod), call: undefined };
}

/** What a shared echo pod received under a nonce; undefined when none did, or the nonce is not of our making. */
export async function lookUpCall(core: ScenarioCore, nonce: string): Promise<SeenCall | undefined> {
  if (!nonce.startsWith(`${core.names.nonce}-`)) return undefined;
  const pods = core.env.echoPods.slice(0, core.meta.backends?.length ?? core.env.echoPods.length);
  const seen = await Promise.all(pods.map((pod) => core.env.ledger.seen(pod, nonce)));
  const [received] = seen.flat();
  return received === undefined ? undefined : seenCall(received, (pod) => backendName(core, pod));
}

/** As `lookUpCall`, for evidence: a pod that does not tell changes no verdict. */
export async function toldByBackend(core: ScenarioCore, nonce: string): Promise<SeenCall | undefined> {
  try {
    return await lookUpCall(core, nonce);
  } catch {
    return undefined;
  }
}

/** What backends received under a nonce; with `atLeast` it waits until that much has arrived. */
export async function seenBy(
  core: ScenarioCore,
  backend: string,
  nonce: string,
  atLeast = 0,
): Promise<SeenCall[]> {
  const { clock, limits, ledger } = core.env;
  const pod = podOfBackend(core, backend);
  if (pod === undefined) throw new Error(`${backend} is not in the scenario's meta.backends`);
  const nonces = nonce === core.names.nonce ? core.nonces : [nonce];
  const start = clock.now();
  for (;;) {
    core.signal.throwIfAborted();
    const seen = (await Promise.all(nonces.map((each) => ledger.seen(pod, each)))).flat();
    if (seen.length >= atLeast || clock.now() - start > limits.mirrorMs) {
      core.timeline.add({
        kind: 'probe',
        object: backend,
        text: `has received ${String(seen.length)} calls of nonce ${nonce}`,
      });
      return seen.map((received) => seenCall(received, (name) => backendName(core, name)));
    }
    // The echo server's ledger has no watch.
    await clock.sleep(20, core.signal);
  }
}
