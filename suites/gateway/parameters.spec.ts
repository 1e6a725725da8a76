import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway, GatewayClass } from '../shapes.ts';
import { backdate, timesMustHaveMoved } from '../transition-times.ts';

const gatewayName = 'gateway.networking.k8s.io/gateway-name';
const gatewayClass = 'gateway.networking.k8s.io/gateway-class-name';
const ofNobody = { kind: 'GatewayClass', name: 'of-nobody' };
const edge = { kind: 'Gateway', name: 'edge' };
const invalid = { type: 'Accepted', status: 'False', reason: 'InvalidParameters' } as const;

scenario(
  {
    id: 'gateway/parameters',
    title:
      'A class or a Gateway whose parameters cannot be used is refused, and nothing is deployed for it, until it has none; it is refused again when it gets them back',
    support: 'implementation-specific',
    clauses: [
      'class-parametersref-invalid',
      'class-parametersref-scope',
      'gateway-parametersref-invalid',
      'gateway-class-must-be-accepted',
      'class-accepted-decided',
      'class-accepted-true',
      'class-observedgeneration-current',
      'gateway-accepted-true',
      'gateway-programmed-true',
      'gateway-summary-conditions-always-present',
      'gateway-deleted-resources-removed',
      'gateway-address-reported',
      'status-lasttransitiontime-on-flip',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    const classMustBeRefused = (name: string): Promise<GatewayClass> =>
      t.until<GatewayClass>(
        { kind: 'GatewayClass', name },
        'Accepted=False/InvalidParameters',
        ({ metadata, status }) => {
          const accepted = conditionOf(status?.conditions, 'Accepted');
          return (
            accepted?.status === invalid.status &&
            accepted.reason === invalid.reason &&
            accepted.observedGeneration === metadata?.generation
          );
        },
        'status',
      );
    const gatewayMustBeRefused = async (): Promise<void> => {
      await t.gatewayMustHaveCondition('edge', invalid);
      await t.until<Gateway>(
        edge,
        'Programmed is there and not True, nor is that of a listener, for nothing has ever been deployed',
        ({ metadata, status }) => {
          const isCurrent = (condition: ConditionStatus | undefined): boolean =>
            condition?.observedGeneration === metadata?.generation;
          const programmed = conditionOf(status?.conditions, 'Programmed');
          const ofListeners = (status?.listeners ?? []).map(({ conditions }) =>
            conditionOf(conditions, 'Programmed'),
          );
          return (
            isCurrent(programmed) &&
            ![programmed, ...ofListeners].some((each) => each?.status === 'True' && isCurrent(each))
          );
        },
        'status',
      );
    };
    for (const name of ['without-namespace', 'of-nobody']) await classMustBeRefused(name);
    await gatewayMustBeRefused();
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
    const ages = await backdate(t, ofNobody);
    const { spec: written } = await t.get<GatewayClass>(ofNobody);
    await t.update<GatewayClass>(ofNobody, ({ spec }) => {
      delete spec.parametersRef;
    });
    const mended = await t.until<GatewayClass>(
      ofNobody,
      'the class is Accepted at its generation',
      ({ metadata, status }) => {
        const accepted = conditionOf(status?.conditions, 'Accepted');
        return accepted?.status === 'True' && accepted.observedGeneration === metadata?.generation;
      },
      'status',
    );
    await t.check(
      'the time of the condition that flipped has moved',
      () => timesMustHaveMoved(t, mended, ages, ['Accepted']),
      'status',
    );
    await t.gatewayMustBeProgrammed('with-classless-parameters');
    const { spec: refused } = await t.get<Gateway>(edge);
    await t.update<Gateway>(edge, ({ spec }) => {
      delete spec.infrastructure;
    });
    await t.gatewayMustBeProgrammed('edge');
    const ofFormerClass = async (): Promise<string[]> => {
      const selector = `${gatewayName}=edge,${gatewayClass}=${t.gatewayClass}`;
      const kinds = 'services,deployments';
      const { exitCode, stdout, stderr } = await t.kubectl(['get', kinds, '-l', selector, '-o', 'name']);
      if (exitCode !== 0) throw new Error(`${kinds} cannot be read: ${stderr}`);
      return stdout.split('\n').filter((name) => name !== '');
    };
    // No label's value is longer than 63 characters.
    const had = t.gatewayClass.length <= 63 ? await ofFormerClass() : [];
    // And may have another class of ours.
    await t.update<Gateway>(edge, ({ spec }) => {
      spec.gatewayClassName = mended.metadata?.name ?? '';
    });
    await t.gatewayMustBeProgrammed('edge');
    if (had.length === 0) t.note('Nothing in its namespace has the labels of Gateway and class.');
    else
      await t.implied(['gateway-deleted-resources-removed'], async () => {
        await t.askUntil({
          what: 'nothing is left of what was generated for its former class',
          ask: ofFormerClass,
          isSo: (names) => names.length === 0,
          seen: (names) => names.join(', '),
          layer: 'programmed',
        });
      });

    // Not before: the address may have been that of what goes.
    await t.callMust({ host: 'rpc.example.com', gateway: 'edge' }, { backend: 'v1' });

    // Neither is accepted for good.
    await t.update<Gateway>(edge, ({ spec }) => {
      Object.assign(spec, { infrastructure: refused.infrastructure });
    });
    // Whether it goes on with what it had is left open.
    await t.gatewayMustHaveCondition('edge', invalid);
    const accepted = await backdate(t, ofNobody);
    await t.update<GatewayClass>(ofNobody, ({ spec }) => {
      Object.assign(spec, { parametersRef: written.parametersRef });
    });
    const refusedClass = await classMustBeRefused('of-nobody');
    await t.check(
      'the time has moved with this flip too',
      () => timesMustHaveMoved(t, refusedClass, accepted, ['Accepted']),
      'status',
    );
  },
);
