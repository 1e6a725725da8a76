import { echoBackend } from '../base/echo-backend.ts';
import type { ScenarioCore } from './core.ts';
import { createObjects } from './objects.ts';
import { setupFailed } from './verdict.ts';

/** Services of the scenario whose endpoints are the shared echo pods, a different one each. */
export async function createBackends(core: ScenarioCore): Promise<void> {
  await Promise.all((core.meta.backends ?? []).map((written, index) => createBackend(core, written, index)));
}

async function createBackend(core: ScenarioCore, written: string, index: number): Promise<void> {
  const pod = core.env.echoPods[index];
  if (pod === undefined)
    throw setupFailed(`a shared echo pod for backend ${written}`, 'there are no more of them');
  const [name = '', inNamespace = ''] = written.split('/').reverse();
  await createObjects(core, echoBackend(pod.address, { name, namespace: inNamespace }));
}
