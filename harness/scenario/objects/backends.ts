import { echoBackend } from '../../base/echo-backend.ts';
import { idOf, type ScenarioCore } from '../core/core.ts';
import type { Backend } from '../../env/furnished-namespaces.ts';
import { createObjects } from './objects.ts';
import { rewrite } from '../../manifests/rewrite.ts';
import { setupFailed } from '../core/verdict.ts';

/** Services of the scenario whose endpoints are the shared echo pods, a different one each. */
export async function createBackends(core: ScenarioCore): Promise<void> {
  await Promise.all(
    (core.meta.backends ?? []).map(async (written, index) => {
      const standing = core.furnished?.backends.find((each) => each.written === written);
      const backend = standing ?? (await createBackend(core, written, index));
      for (const object of backend.objects) core.applied.set(idOf(object), object);
      core.backends.push(backend);
    }),
  );
}

async function createBackend(core: ScenarioCore, written: string, index: number): Promise<Backend> {
  const pod = core.env.echoPods[index];
  if (pod === undefined)
    throw setupFailed(`a shared echo pod for backend ${written}`, 'there are no more of them');
  const [name = '', inNamespace = ''] = written.split('/').reverse();
  const objects = echoBackend(pod.address, { name, namespace: inNamespace });
  await createObjects(core, objects);
  return { written, index, objects: objects.map((object) => rewrite(object, core.names)) };
}
