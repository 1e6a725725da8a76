import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway, GatewayClass } from '../shapes.ts';

const invalid = { type: 'Accepted', status: 'False', reason: 'InvalidParameters' } as const;

scenario(
  {
    id: 'gateway/parameters',
    title:
      'A class or a Gateway whose parameters cannot be used is refused, and nothing is deployed for it, until it has none',
    support: 'implementation-specific',
    clauses: [
      'class-parametersref-invalid',
      'class-parametersref-scope',
      'gateway-parametersref-invalid',
      'gateway-class-must-be-accepted',
      'class-accepted-decided',
      'class-accepted-true',
      'gateway-accepted-true',
      'gateway-programmed-true',
    ],
  },
  async (t) => {
    await t.apply();
    for (const name of ['without-namespace', 'of-nobody']) {
      await t.until<GatewayClass>(
        { kind: 'GatewayClass', name },
        'Accepted=False/InvalidParameters',
        ({ status }) => {
          const accepted = conditionOf(status?.conditions, 'Accepted');
          return accepted?.status === invalid.status && accepted.reason === invalid.reason;
        },
        'status',
      );
    }
    await t.gatewayMustHaveCondition('edge', invalid);
    await t.barrier({ gateway: 'routeproof-base/shared' });
    await t.check(
      'neither Gateway has an address, and that of the refused class has not been judged',
      async () => {
        const [edge, other] = await Promise.all(
          ['edge', 'with-classless-parameters'].map((name) => t.get<Gateway>({ kind: 'Gateway', name })),
        );
        expect(edge?.status?.addresses ?? []).to.deep.equal([]);
        expect(other?.status?.addresses ?? []).to.deep.equal([]);
        expect(conditionOf(other?.status?.conditions, 'Accepted')?.status).not.to.equal('True');
      },
      'status',
    );

    // Whoever takes the parameters out has a class and a Gateway like others.
    await t.update<GatewayClass>({ kind: 'GatewayClass', name: 'of-nobody' }, ({ spec }) => {
      delete spec.parametersRef;
    });
    await t.until<GatewayClass>(
      { kind: 'GatewayClass', name: 'of-nobody' },
      'the class is Accepted at its generation',
      ({ metadata, status }) => {
        const accepted = conditionOf(status?.conditions, 'Accepted');
        return accepted?.status === 'True' && accepted.observedGeneration === metadata?.generation;
      },
      'status',
    );
    await t.gatewayMustBeProgrammed('with-classless-parameters');
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      delete spec.infrastructure;
    });
    await t.gatewayMustBeProgrammed('edge');
    // And may have another class of ours.
    const { metadata } = await t.get<GatewayClass>({ kind: 'GatewayClass', name: 'of-nobody' });
    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.gatewayClassName = metadata?.name ?? '';
    });
    await t.gatewayMustBeProgrammed('edge');
  },
);
