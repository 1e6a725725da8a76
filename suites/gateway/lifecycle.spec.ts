import { expect, scenario, type KubernetesObject } from '../../harness/index.ts';
import { noListener } from '../expected.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Gateway, Route } from '../shapes.ts';
import { audited } from '../others-status.ts';
import { patchStatus } from '../status-patch.ts';
import { mustBeJudged } from './must-be-judged.ts';

const gatewayName = 'gateway.networking.k8s.io/gateway-name';
const gatewayClass = 'gateway.networking.k8s.io/gateway-class-name';
const ref = { kind: 'Gateway', name: 'edge' };

const ownedKinds = 'deployments,services,serviceaccounts,configmaps,secrets';

interface Generated {
  items: {
    kind: string;
    metadata: {
      name: string;
      uid: string;
      /** Whatever was found by a label has some. */
      labels: Record<string, string>;
      annotations?: Record<string, string>;
      ownerReferences?: { uid: string }[];
    };
    spec?: { template?: { metadata?: { labels?: Record<string, string> } } };
  }[];
}

scenario(
  {
    id: 'gateway/lifecycle',
    title:
      'A Gateway gets an address and marked infrastructure, follows its generation, and serves until it is deleted, and when it is made again',
    support: 'core',
    clauses: [
      'gateway-accepted-true',
      'gateway-programmed-true',
      'gateway-address-reported',
      'gateway-observedgeneration-current',
      'gateway-listener-observedgeneration-current',
      'gateway-infrastructure-removed',
      'status-lasttransitiontime-set',
      'gateway-foreign-conditions-kept',
      'gateway-ready-not-used',
      'gateway-summary-conditions-always-present',
      'gateway-infrastructure-labels',
      'gateway-infrastructure-labels-everywhere',
      'gateway-infrastructure-annotations',
      'gateway-generated-name-label',
      'gateway-generated-class-label',
      'gateway-generated-name-format',
      'gateway-generated-same-namespace',
      'gateway-deleted-resources-removed',
      'status-gateway-deleted-cleaned',
      'parentref-attach-same-namespace',
      'listener-attachedroutes-count',
    ],
    backends: ['v1'],
  },
  async (t) => {
    const read = async (kinds: string, ...options: string[]): Promise<Generated['items']> => {
      const { stdout, stderr } = await t.kubectl(['get', kinds, ...options, '-o', 'json']);
      if (stdout === '') throw new Error(`${kinds} cannot be read: ${stderr}`);
      return (JSON.parse(stdout) as Generated).items;
    };
    const generated = (kind: string): Promise<Generated['items']> => read(kind, '-l', `${gatewayName}=edge`);
    const annotationsMustFollow = () =>
      t.askUntil({
        what: 'the Service follows the annotations of spec.infrastructure',
        ask: () => generated('services'),
        isSo: ([object]) => object?.metadata.annotations?.['example.org/owner'] === 'search-team',
        seen: ([object]) => JSON.stringify(object?.metadata.annotations ?? {}),
        layer: 'programmed',
      });
    await t.apply();
    const address = await t.gatewayMustBeProgrammed('edge');
    await t.gatewayMustHaveCondition('edge', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'True', reason: 'Programmed' });
    await t.routeMustBeAccepted('rpc');
    const { record } = await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    await t.check(
      'the call went to the address in status',
      () => expect(record.target).to.contain(address),
      'connect',
    );
    const [service] = await generated('services');
    const asWritten = await t.get<Gateway>(ref);
    // What GEP-1762 asks of generated objects is extended: shared proxies elsewhere are as good for who does not claim it.
    if (t.supportedFeatures.has('GatewayInfrastructure')) {
      await t.check(
        "a Service in the Gateway's namespace has the label that says whose it is",
        () => expect(service?.metadata.labels ?? {}).to.include({ [gatewayName]: 'edge' }),
        'programmed',
      );
      await t.check(
        'it carries the labels and annotations of spec.infrastructure',
        () => {
          const { labels = {}, annotations = {} } = asWritten.spec.infrastructure ?? {};
          expect(service?.metadata.labels).to.include(labels);
          expect(service?.metadata.annotations).to.include(annotations);
        },
        'programmed',
      );
      // Whoever looks for them by the label finds all: they are told here by their owner.
      const owned = (await read(ownedKinds)).filter(({ metadata: { ownerReferences = [] } }) =>
        ownerReferences.some(({ uid }) => uid === asWritten.metadata?.uid),
      );
      if (owned.length === 0) t.note('Nothing in its namespace has the Gateway as its owner.');
      await t.check(
        'all that the Gateway owns says whose it is, as do pods of a Deployment',
        () => {
          for (const { kind, metadata, spec } of owned) {
            expect(metadata.labels, kind).to.include({ [gatewayName]: 'edge' });
            if (kind === 'Deployment')
              expect(spec?.template?.metadata?.labels, 'pods').to.include({ [gatewayName]: 'edge' });
          }
        },
        'programmed',
      );
      await t.implied(['gateway-infrastructure-labels-everywhere'], () =>
        t.check(
          'Deployments that the Gateway owns carry the labels of spec.infrastructure',
          () => {
            for (const { metadata } of owned.filter(({ kind }) => kind === 'Deployment'))
              expect(metadata.labels, metadata.name).to.include({ 'cost-centre': 'checkout' });
          },
          'programmed',
        ),
      );
      // No label's value is longer than 63 characters.
      if (t.gatewayClass.length <= 63)
        await t.check(
          'all that the Gateway owns says of which class',
          () => {
            for (const { kind, metadata } of owned)
              expect(metadata.labels, kind).to.include({ [gatewayClass]: t.gatewayClass });
          },
          'programmed',
        );
      const others = (await Promise.all(['serviceaccounts', 'pods'].map(generated))).flat();
      await t.check(
        'ServiceAccounts and pods that are generated for it there carry them too',
        () => {
          for (const { name, labels, annotations = {} } of others.map(({ metadata }) => metadata)) {
            expect(labels, name).to.include({ 'cost-centre': 'checkout' });
            expect(annotations, name).to.include({ 'example.org/owner': 'platform-team' });
          }
        },
        'programmed',
      );
      await t.check(
        'it says its class, in a label and in its name',
        () => {
          const { name = '', labels = {} } = service?.metadata ?? {};
          // No label's value is longer than 63 characters.
          if (t.gatewayClass.length <= 63) expect(labels).to.include({ [gatewayClass]: t.gatewayClass });
          const named = `edge-${t.gatewayClass}`;
          // Nor is a Service's name: a longer one is cut, and may end in a hash.
          const cut = named.length > 50 ? named.slice(0, 40) : named;
          expect(name.startsWith(cut), name).to.equal(true);
        },
        'programmed',
      );
    } else t.note('GatewayInfrastructure is not claimed: names, labels and annotations were not compared.');

    const additions = ['/status', '/status/listeners/0'].map((of) => ({
      op: 'add',
      path: `${of}/conditions/-`,
      value: audited,
    }));
    await patchStatus(t, ref, additions);
    const updated = await t.update<Gateway>(ref, ({ spec }) => {
      spec.infrastructure = {
        labels: { 'cost-centre': 'search' },
        annotations: { 'example.org/owner': 'search-team' },
      };
    });
    await t.gatewayMustHaveCondition('edge', { type: 'Programmed', status: 'True', reason: 'Programmed' });
    const now = await t.get<Gateway>(ref);
    await t.check(
      'its own conditions follow the generation and have a time, the foreign ones are as they were',
      () => {
        const { conditions = [] } = now.status ?? {};
        for (const list of [conditions, now.status?.listeners?.[0]?.conditions])
          expect(conditionOf(list, audited.type)).to.deep.equal(audited);
        for (const condition of conditions.filter(({ type }) => type !== audited.type)) {
          expect(condition.observedGeneration, condition.type).to.equal(updated.metadata?.generation);
        }
        const written = [
          ...conditions.filter(({ type }) => type !== audited.type),
          ...(now.status?.listeners ?? []).flatMap((listener) => listener.conditions),
        ];
        for (const { type, lastTransitionTime } of written)
          expect(Date.parse(lastTransitionTime), type).to.be.greaterThan(Date.parse('2020-01-01T00:00:00Z'));
        for (const list of [
          conditions,
          ...(now.status?.listeners ?? []).map((listener) => listener.conditions),
        ])
          expect(conditionOf(list, 'Ready')).to.equal(undefined);
      },
      'status',
    );
    await t.until<Gateway>(
      ref,
      'the conditions of its listener follow the generation, though it did not change',
      ({ metadata, status }) =>
        (status?.listeners ?? [])
          .flatMap((listener) => listener.conditions)
          .every(
            ({ type, observedGeneration }) =>
              type === audited.type || observedGeneration === metadata?.generation,
          ),
      'status',
    );
    await t.callMustAlways({ host: 'rpc.example.com' }, { backend: 'v1' }, 3);
    if (t.supportedFeatures.has('GatewayInfrastructure')) {
      const label = '--for=jsonpath={.metadata.labels.cost-centre}=search';
      const selector = `${gatewayName}=edge`;
      const relabelled = await t.kubectl(['wait', label, 'services', '-l', selector, '--timeout=30s']);
      await t.check(
        'its Service follows the labels of spec.infrastructure',
        () => expect(relabelled.exitCode, relabelled.stderr).to.equal(0),
        'programmed',
      );
      await annotationsMustFollow();
      await t.implied(['gateway-infrastructure-removed'], async () => {
        await t.askUntil({
          what: 'the Service loses the labels and annotations that spec.infrastructure has no more',
          ask: () => generated('services'),
          isSo: ([object]) =>
            object !== undefined &&
            !('team' in object.metadata.labels) &&
            !('example.org/reviewed-by' in (object.metadata.annotations ?? {})),
          seen: ([object]) => JSON.stringify(object?.metadata ?? {}),
          layer: 'programmed',
        });
      });

      // The label that says for which Gateway an object is says so whatever is asked for, unless the Gateway is refused for it.
      await t.update<Gateway>(ref, ({ spec }) => {
        spec.infrastructure = { labels: { 'cost-centre': 'finance', [gatewayName]: 'somebody-else' } };
      });
      const { status } = await mustBeJudged(t, 'edge');
      if (conditionOf(status?.conditions, 'Accepted')?.status === 'True')
        await t.askUntil({
          what: 'the Service follows, and is still marked as one of its Gateway',
          ask: () => generated('services'),
          isSo: ([object]) => object?.metadata.labels['cost-centre'] === 'finance',
          seen: ([object]) => JSON.stringify(object?.metadata.labels ?? {}),
          layer: 'programmed',
        });
    }

    await t.remove(ref);
    await t.implied(['status-gateway-deleted-cleaned'], async () => {
      await t.until<Route>({ kind: 'GRPCRoute', name: 'rpc' }, 'no entry claims acceptance', (route) =>
        entriesOf(route, t.controllerName).every(
          ({ conditions }) => conditionOf(conditions, 'Accepted')?.status !== 'True',
        ),
      );
    });
    await t.implied(['gateway-deleted-resources-removed'], async () => {
      await t.callMust({ gateway: address, host: 'rpc.example.com' }, noListener);
      const selector = `${gatewayName}=edge`;
      const gone = await t.kubectl(['wait', '--for=delete', 'services', '-l', selector, '--timeout=30s']);
      await t.check(
        'the Service that was generated for it is deleted',
        async () => {
          expect(gone.exitCode, gone.stderr).to.equal(0);
          expect((await generated('services')).map(({ metadata }) => metadata.name)).to.deep.equal([]);
        },
        'programmed',
      );
      const left = await t.kubectl(['wait', '--for=delete', 'deployments', '-l', selector, '--timeout=30s']);
      await t.check(
        'so is the Deployment',
        () => expect(left.exitCode, left.stderr).to.equal(0),
        'programmed',
      );
    });

    // What is made again under its name need not be as it was.
    const { spec } = now;
    await t.applyObjects({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge' },
      spec: { ...spec, listeners: spec.listeners.map((listener) => ({ ...listener, port: 8080 })) },
    } as KubernetesObject);
    await t.gatewayMustBeProgrammed('edge');
    for (const route of ['rpc', 'rpc-too']) {
      await t.routeMustBeAccepted(route);
      await t.callMust({ host: `${route}.example.com`, port: 8080 }, { backend: 'v1' });
    }
    await t.listenerMustHaveAttachedRoutes('edge', 'http', 2);
    await t.callMust({ host: 'rpc.example.com' }, noListener);
  },
);
