import { expect } from 'chai';
import { RouteproofError } from '../../../common/errors.ts';
import type { CrdEdit } from '../../crds/crd.ts';
import type { ScenarioCore } from '../core/core.ts';
import { withCrd } from './with-crd.ts';

describe('withCrd', () => {
  const edit: CrdEdit = { plural: 'grpcroutes', edit: () => 1 };
  const refused = async (exclusive: boolean, ownCluster: boolean): Promise<RouteproofError> => {
    const core = { meta: { id: 'a/b', exclusive }, env: { ownCluster } } as unknown as ScenarioCore;
    let ran = false;
    const error: unknown = await withCrd(core, edit, () => {
      ran = true;
      return Promise.resolve();
    }).catch((thrown: unknown) => thrown);
    expect(ran).to.equal(false);
    if (error instanceof RouteproofError) return error;
    throw new Error(`no RouteproofError: ${String(error)}`);
  };

  it('tells a scenario that is not exclusive what its meta lacks', async () => {
    expect(await refused(false, true)).to.include({
      code: 'INVALID_INPUT',
      hint: 'write `exclusive: true` into its meta',
    });
  });

  it('tells an exclusive one on a cluster that stays which cluster it needs', async () => {
    const { code, hint } = await refused(true, false);
    expect(code).to.equal('INVALID_INPUT');
    expect(hint).to.include('local cluster').and.to.include('--keep').and.not.to.include('exclusive');
  });
});
