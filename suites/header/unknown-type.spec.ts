import { editAt, expect, scenario } from '../../harness/index.ts';
import type { CrdEdit, KubernetesObject } from '../../harness/index.ts';
import { conditionOf, entriesOf, type Route } from '../shapes.ts';

const longest = 4096;
const version = { metadata: { version: 'two' } };

/** As a release of tomorrow might have it: one more match type, values one character longer. */
const newer: CrdEdit = {
  plural: 'grpcroutes',
  edit: (crd) =>
    editAt(crd, 'spec.rules[].matches[].headers[].type', (type) => type.enum?.push('StartsWith')) +
    editAt(crd, 'spec.rules[].matches[].headers[].value', (value) => {
      value.maxLength = longest + 1;
    }),
};

const routeOf = (name: string, headers: object[]): KubernetesObject & { spec: object } => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GRPCRoute',
  metadata: { name },
  spec: {
    parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
    hostnames: [`${name}.example.com`],
    rules: [{ matches: [{ headers }], backendRefs: [{ name: 'v1', port: 9000 }] }],
  },
});

scenario(
  {
    id: 'header/unknown-type',
    title: 'What only a newer CRD allows is refused in status, and costs no other route anything',
    support: 'core',
    clauses: [
      'header-unknown-type-unsupported-value',
      'header-unknown-type-no-crash',
      'grpcroute-unknown-field-survives',
    ],
    backends: ['v1', 'v2'],
    manifests: ['unknown-type.yaml', 'unknown-type.later.yaml'],
    exclusive: true,
  },
  async (t) => {
    await t.apply();
    await t.withCrd(newer, async () => {
      await t.apply('unknown-type.later.yaml');
      await t.applyObjects(routeOf('long', [{ name: 'version', value: 'x'.repeat(longest + 1) }]));
      await t.routeMustHaveCondition('tomorrow', {
        type: 'Accepted',
        status: 'False',
        reason: 'UnsupportedValue',
      });
      await t.until<Route>(
        { kind: 'GRPCRoute', name: 'half' },
        'Accepted=False with reason UnsupportedValue, or PartiallyInvalid=True: one of its rules has a match type that nobody knows',
        (route) => {
          const conditions = entriesOf(route, t.controllerName)[0]?.conditions;
          const accepted = conditionOf(conditions, 'Accepted');
          if (accepted?.status === 'True')
            return conditionOf(conditions, 'PartiallyInvalid')?.status === 'True';
          return accepted?.reason === 'UnsupportedValue';
        },
      );
      // Written after all of them: whoever fell over one of them does not get to this.
      await t.applyObjects(routeOf('after', [{ name: 'version', value: 'two' }]));
      await t.routeMustBeAccepted('after');
      await t.callMust({ host: 'after.example.com', ...version }, { backend: 'v1' });
      await t.callMust({ host: 'bystander.example.com' }, { backend: 'v1' });
      const calls = ['tomorrow', 'half'].map((name) => t.call({ host: `${name}.example.com`, ...version }));
      const results = await Promise.all(calls);
      await t.check(
        'no call is taken by a match of unknown type',
        () => {
          for (const { backend } of results) expect(backend).not.to.equal('v2');
        },
        'routed',
      );
    });
  },
);
