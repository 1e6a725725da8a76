import { scenario } from '../../harness/index.ts';
import type { Expected } from '../../harness/index.ts';
import type { BackendRef, Route } from '../shapes.ts';
import { sampleSize, sharesMustBe } from './shares.ts';

const host = 'weight.example.com';
const shifting = { kind: 'GRPCRoute', name: 'shifting' };
/** weight/all-zero tells more: the spec asks for no status in particular. */
const nobody: Expected = {
  status: ['UNAVAILABLE', 'UNKNOWN', 'UNIMPLEMENTED', 'INTERNAL', 'NOT_FOUND'],
  backend: null,
};

scenario(
  {
    id: 'weight/change',
    title:
      'Traffic follows changed weights and backends: all to one, half and half, all to the other, in another order, with one more, with one less, to nobody',
    support: 'core',
    clauses: [
      'weight-change-applied',
      'weight-zero-no-traffic',
      'weight-all-zero',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    const edit = async (change: (refs: BackendRef[]) => BackendRef[]): Promise<void> => {
      await t.update<Route>(shifting, ({ spec }) => {
        for (const rule of spec.rules ?? []) rule.backendRefs = change(rule.backendRefs ?? []);
      });
      await t.routeMustBeAccepted('shifting');
      await t.barrier();
    };
    const setWeights = (...weights: number[]): Promise<void> =>
      edit((refs) => refs.map((ref, index) => ({ ...ref, weight: weights[index] ?? 0 })));
    await t.apply();
    await t.routeMustBeAccepted('shifting');
    await t.callMust({ host }, { backend: 'v1' });
    await t.callMustAlways({ host }, { backend: 'v1' }, 30);

    await setWeights(1, 1);
    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v1: 0.5, v2: 0.5 });

    // Little beside what it had: a gateway that goes on with the 1 of before shows it at once.
    await setWeights(0, 1);
    await t.callMust({ host }, { backend: 'v2' });
    await t.callMustAlways({ host }, { backend: 'v2' }, 50);

    await edit((refs) => refs.toReversed());
    await t.callMustAlways({ host }, { backend: 'v2' }, 50);

    await edit((refs) => [...refs, { name: 'v3', port: 9000, weight: 1 }]);
    await sharesMustBe(t, await t.distribution({ host }, sampleSize), { v2: 0.5, v3: 0.5 });
    await edit((refs) => refs.filter(({ name }) => name !== 'v2'));
    await t.callMust({ host }, { backend: 'v3' });
    await t.callMustAlways({ host }, { backend: 'v3' }, 50);

    await setWeights(0, 0);
    await t.callMust({ host }, nobody);
    await t.callMustAlways({ host }, nobody);
  },
);
