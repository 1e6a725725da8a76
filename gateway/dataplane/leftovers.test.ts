import { expect } from 'chai';
import type { KubeObject } from '../provider/object-store.ts';
import { LeftoverFinder } from './leftovers.ts';
import type { LeftoversInput } from './leftovers.ts';

describe('LeftoverFinder', () => {
  const gatewayClass = (name: string, controllerName = 'ours') => ({
    metadata: { name },
    spec: { controllerName },
  });
  const gateway = (gatewayClassName = 'a', uid = 'g-1') => ({
    metadata: { name: 'gw', namespace: 'shop', uid },
    spec: { gatewayClassName },
  });
  const made = (
    uid: string,
    name = 'gw-a',
    labels: Record<string, string> = { 'app.kubernetes.io/managed-by': 'routeproof' },
  ): KubeObject => ({
    metadata: {
      name,
      namespace: 'shop',
      uid,
      labels,
      ownerReferences: [{ kind: 'Gateway', name: 'gw', uid: 'g-1', controller: true }],
    },
  });
  const input = (more: Partial<LeftoversInput> = {}): LeftoversInput => ({
    gateways: [gateway()],
    gatewayClasses: [gatewayClass('a'), gatewayClass('b'), gatewayClass('foreign', 'theirs')],
    services: [made('s-1')],
    deployments: [made('d-1')],
    ...more,
  });
  let finder: LeftoverFinder;
  const both = {
    namespace: 'shop',
    name: 'gw-a',
    gatewayKey: 'shop/gw',
    serviceUid: 's-1',
    deploymentUid: 'd-1',
  };

  beforeEach(() => {
    finder = new LeftoverFinder('ours');
    expect(finder.find(input())).to.deep.equal([]);
  });

  it('finds the proxy of a Gateway that was deleted', () => {
    expect(finder.find(input({ gateways: [] }))).to.deep.equal([{ ...both, ownerGone: true }]);
    const late = input({ gateways: [], services: [], deployments: [made('d-2')] });
    expect(finder.find(late)[0], 'made while the Gateway went').to.include({ deploymentUid: 'd-2' });
  });

  it('leaves what another controller has made, also when it is of our kind', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'routeproof', 'routeproof.dev/controller': 'theirs' };
    const theirs = [made('s-1', 'gw-foreign', labels)];
    const gateways = [gateway('foreign')];
    expect(finder.find(input({ gateways, services: theirs, deployments: [] }))).to.deep.equal([]);
    expect(finder.find(input({ gateways: [], services: theirs, deployments: [] }))).to.deep.equal([]);
  });

  it('takes no Gateway for deleted that it has never seen', () => {
    expect(new LeftoverFinder('ours').find(input({ gateways: [] }))).to.deep.equal([]);
  });

  it('leaves a proxy to the next Gateway of that name', () => {
    expect(finder.find(input({ gateways: [gateway('a', 'g-2')] }))).to.deep.equal([]);
  });

  for (const className of ['foreign', 'missing', 'b']) {
    it(`finds the proxy of a Gateway that moved to class ${className}`, () => {
      const found = finder.find(input({ gateways: [gateway(className)] }));
      expect(found).to.deep.equal([{ ...both, ownerGone: false }]);
    });
  }

  it('finds the proxy when its class is another controller’s now', () => {
    const found = finder.find(input({ gatewayClasses: [gatewayClass('a', 'theirs')] }));
    expect(found).to.deep.equal([{ ...both, ownerGone: false }]);
  });

  it('changes nothing when the class is missing', () => {
    expect(finder.find(input({ gatewayClasses: [] }))).to.deep.equal([]);
  });

  it('leaves alone what is not ours, and what is going already', () => {
    const going = made('d-1');
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    const theirs = made('s-1', 'gw-a', { 'app.kubernetes.io/managed-by': 'helm' });
    expect(finder.find(input({ gateways: [], services: [theirs], deployments: [going] }))).to.deep.equal([]);
  });
});
