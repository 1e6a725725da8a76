import { expect, scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const filtered = { host: 'checkout.example.com' };
const sound = { host: 'sound.example.com' };
const plain = { host: 'checkout.example.com', method: 'routeproof.v1.ProbeTwo/Unary' };

scenario(
  {
    id: 'status/unsupported-filter',
    title:
      'A custom filter that nobody knows shows in status, and its calls fail instead of passing without it',
    support: 'core',
    clauses: [
      'filter-extensionref-unresolved-not-skipped',
      'filter-extensionref-unresolved-error',
      'filter-extensionref-unresolved-status',
      'filter-extensionref-other-rules-work',
      'listener-invalid-rule-dropped',
    ],
    guards: [
      'kumahq/kuma#18297',
      'kubernetes-sigs/cloud-provider-kind#439',
      'pomerium/ingress-controller#1071',
      'envoyproxy/gateway#6852',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidKind',
    });
    await t.callMust(plain, { backend: 'v1' });
    const results = await Promise.all([t.call(filtered), t.call(filtered), t.call(filtered)]);
    await t.check(
      'the call gets an error and no backend sees it',
      () => {
        for (const result of results) {
          expect(result.backend).to.equal(undefined);
          expect(result.status).to.be.a('number').and.not.equal(0);
        }
      },
      'routed',
    );
    t.note(`The spec asks for an error without naming one: here it is ${results[0].statusName}.`);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
      for (const rule of spec.rules ?? []) delete rule.filters;
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust(filtered, { backend: 'v1' });
    await t.callMust(sound, { backend: 'v1' });

    // A rule that is served already may get such a filter too.
    await t.update<Route>({ kind: 'GRPCRoute', name: 'sound' }, ({ spec }) => {
      const extensionRef = { group: 'auth.example.org', kind: 'TokenCheck', name: 'required' };
      const filter: object = { type: 'ExtensionRef', extensionRef };
      for (const rule of spec.rules ?? []) rule.filters = [filter as { type: string }];
    });
    await t.routeMustHaveCondition('sound', { type: 'ResolvedRefs', status: 'False', reason: 'InvalidKind' });
    await t.askUntil({
      what: 'its calls get an error, and no backend',
      ask: () => t.call(sound),
      isSo: ({ status, backend }) => status !== null && status !== 0 && backend === undefined,
      seen: ({ statusName, backend = 'no backend' }) => `${statusName} from ${backend}`,
      layer: 'routed',
    });
  },
);
