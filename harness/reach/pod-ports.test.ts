import { expect } from 'chai';
import { addressIndex, podPorts, type Known } from './pod-ports.ts';

describe('what serves an address of the cluster', () => {
  const slice = (
    name: string,
    ports: { name?: string; port: number }[],
    pods: Record<string, boolean | undefined>,
  ) => ({
    metadata: { name: `${name}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
    ports,
    endpoints: Object.entries(pods).map(([pod, ready]) => ({
      conditions: ready === undefined ? {} : { ready },
      targetRef: { kind: 'Pod', name: pod },
    })),
  });
  const known: Known = {
    services: [
      {
        metadata: { name: 'gw', namespace: 'shop' },
        spec: {
          clusterIP: '10.96.0.9',
          externalIPs: ['192.0.2.7'],
          ports: [
            { name: 'http', port: 80 },
            { name: 'https', port: 443 },
            { name: 'quic', port: 444, protocol: 'UDP' },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '10.97.0.1' }, { hostname: 'lb.example.com' }] } },
      },
      {
        metadata: { name: 'gw', namespace: 'other' },
        spec: { clusterIP: '10.96.0.10', ports: [{ port: 80 }] },
      },
    ],
    slices: [
      slice(
        'gw',
        [
          { name: 'http', port: 10080 },
          { name: 'https', port: 10443 },
        ],
        { a: true, b: undefined, c: false },
      ),
      slice('else', [{ name: 'http', port: 1 }], { d: true }),
    ],
    pods: [
      { metadata: { name: 'old', namespace: 'shop' }, status: { podIP: '10.244.0.5', phase: 'Succeeded' } },
      {
        metadata: { name: 'echo', namespace: 'base' },
        status: { podIP: '10.244.0.5', hostIP: '192.0.2.7', phase: 'Running' },
      },
      {
        metadata: { name: 'proxy', namespace: 'kube-system' },
        status: { podIP: '192.0.2.7', hostIP: '192.0.2.7', phase: 'Running' },
      },
    ],
  };
  const serving = (address: string, port: number) => podPorts(addressIndex(known), { address, port });
  const both = (port: number) => ['a', 'b'].map((pod) => ({ namespace: 'shop', pod, port }));

  it('are the ready pods of the Service that has it, at the port behind the one that is dialled', () => {
    for (const address of ['10.97.0.1', 'lb.example.com', '10.96.0.9', '192.0.2.7']) {
      expect(serving(address, 80), address).to.deep.equal(both(10080));
      expect(serving(address, 443), address).to.deep.equal(both(10443));
    }
  });

  it('is the running pod whose address it is, at any port', () => {
    expect(serving('10.244.0.5', 9000)).to.deep.equal([{ namespace: 'base', pod: 'echo', port: 9000 }]);
  });

  it('is nothing at a port that the Service does not have, and for an address that nobody has', () => {
    expect(serving('10.97.0.1', 81)).to.deep.equal([]);
    expect(serving('10.97.0.1', 444), 'UDP').to.deep.equal([]);
    expect(serving('10.96.0.10', 80), 'no endpoints').to.deep.equal([]);
    expect(serving('203.0.113.1', 80)).to.deep.equal([]);
  });
});
