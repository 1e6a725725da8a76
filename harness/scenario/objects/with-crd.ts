import type { CrdEdit } from '../../crds/crd.ts';
import { plantOptions, withPlantedCrd } from '../../crds/planted-crd.ts';
import { RouteproofError } from '../../../common/errors.ts';
import type { ScenarioCore } from '../core/core.ts';

/** @throws RouteproofError INVALID_INPUT - the scenario is not exclusive, the cluster outlives the run, or the edit changes nothing */
export async function withCrd(core: ScenarioCore, change: CrdEdit, body: () => Promise<void>): Promise<void> {
  if (core.meta.exclusive !== true) {
    throw new RouteproofError('INVALID_INPUT', 'only an exclusive scenario may change a CRD', {
      object: core.meta.id,
      hint: 'write `exclusive: true` into its meta',
    });
  }
  if (!core.env.ownCluster) {
    throw new RouteproofError(
      'INVALID_INPUT',
      'a CRD may be changed only on a cluster that ends with the run',
      {
        object: core.meta.id,
        hint: 'run it with `routeproof conformance` on the local cluster, without --keep',
      },
    );
  }
  const object = `CustomResourceDefinition ${change.plural}`;
  await withPlantedCrd(change, plantOptions(core.env, core.signal), async () => {
    core.timeline.add({ kind: 'apply', object, text: 'changed, and in use' });
    await body();
  });
  core.timeline.add({ kind: 'apply', object, text: 'put back as it was' });
}
