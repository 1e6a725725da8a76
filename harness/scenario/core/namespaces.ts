import type { ScenarioCore } from './core.ts';

/** Creates a namespace of the scenario once; those of others are left alone. */
export function ensureNamespace(core: ScenarioCore, name: string): Promise<void> {
  if (name !== core.names.own && !name.startsWith(`${core.names.own}-`)) return Promise.resolve();
  let pending = core.namespaces.get(name);
  if (pending === undefined) {
    pending = createNamespace(core, name);
    core.namespaces.set(name, pending);
  }
  return pending;
}

async function createNamespace(core: ScenarioCore, name: string): Promise<void> {
  const labels = {
    'routeproof.dev/run': core.env.runId,
    'routeproof.dev/scenario': core.meta.id.replaceAll('/', '.'),
  };
  await core.env.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}
