import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesObject, Ref, Scenario } from '../harness/index.ts';

/** creationTimestamp as the API server wrote it; its resolution is one second. */
function createdAt(object: KubernetesObject): number {
  return new Date(object.metadata?.creationTimestamp ?? Number.NaN).getTime();
}

/** Pause between two readings of the API server's clock: at most 20 small writes. */
const tickMs = 50;

/**
 * Returns in a later second of the API server's clock than that of every object created before the call, so that what is
 * created next is younger by creationTimestamp. Reads that clock from objects it creates: the client's own may differ.
 */
export async function laterSecond(t: Scenario): Promise<void> {
  const first = await apiSecond(t);
  while ((await apiSecond(t)) <= first) await pause(tickMs);
}

/** An object that is there already would tell the time of an earlier call. */
let clocks = 0;

async function apiSecond(t: Scenario): Promise<number> {
  clocks += 1;
  const metadata = { name: `clock-${String(clocks)}` };
  const [clock] = await t.applyObjects({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  if (clock === undefined) throw new Error('applyObjects returned nothing');
  return createdAt(clock);
}

/**
 * Applies a manifest of the scenario, its own if none is named, until all `refs` of it carry the same creationTimestamp. A batch takes milliseconds, so the
 * first attempt fails only when it straddles a second, and the next one has most of a second before it.
 */
export async function applyInOneSecond(t: Scenario, refs: Ref[], manifest?: string): Promise<void> {
  for (;;) {
    await t.apply(manifest);
    const ages = await Promise.all(refs.map(async (ref) => createdAt(await t.get(ref))));
    if (new Set(ages).size === 1) return;
    for (const ref of refs) await t.remove(ref);
  }
}
