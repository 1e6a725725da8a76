import type { EchoPod } from '../../rpc/ledger.ts';
import type { ScenarioCore } from '../core/core.ts';

/** Name in meta.backends of a pod; its own name when it is none of the shared ones. */
export function backendName(core: ScenarioCore, pod: string): string {
  const index = core.env.echoPods.findIndex((candidate) => candidate.pod === pod);
  if (index < 0) return pod;
  return core.meta.backends?.[index] ?? core.env.echoPods[index]?.deployment ?? pod;
}

export function podOfBackend(core: ScenarioCore, backend: string): EchoPod | undefined {
  const index = (core.meta.backends ?? []).indexOf(backend);
  return index >= 0
    ? core.env.echoPods[index]
    : core.env.echoPods.find((pod) => pod.deployment === backend || pod.pod === backend);
}
