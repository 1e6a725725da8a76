import { expect } from 'chai';
import { fieldValue, parseQuantity, resourceValue } from './field-ref.ts';

const pod = {
  metadata: {
    name: 'p',
    namespace: 'ns',
    uid: 'u',
    labels: { b: '2', a: '1' },
    annotations: { 'x/y': 'q"r' },
  },
  spec: { serviceAccountName: 'sa', containers: [] },
};

describe('fieldValue', () => {
  const cases: [string, string][] = [
    ['metadata.name', 'p'],
    ['metadata.namespace', 'ns'],
    ["metadata.labels['b']", '2'],
    ["metadata.annotations['x/y']", 'q"r'],
    ["metadata.labels['none']", ''],
    ['metadata.labels', 'a="1"\nb="2"'],
    ['metadata.annotations', 'x/y="q\\"r"'],
    ['spec.nodeName', 'local'],
    ['spec.serviceAccountName', 'sa'],
    ['status.podIP', '10.244.0.9'],
    ['status.hostIP', '10.244.0.1'],
  ];
  for (const [path, value] of cases) {
    it(`knows ${path}`, () => expect(fieldValue(path, pod, '10.244.0.9')).to.equal(value));
  }

  it('refuses a field that there is not', () => {
    expect(() => fieldValue('status.phase', pod, '')).to.throw('status.phase is not supported');
  });
});

describe('resourceValue', () => {
  const node = { cpus: 2, memoryBytes: 4 * 2 ** 30 };
  const container = { name: 'c', resources: { limits: { memory: '100Mi' }, requests: { cpu: '1500m' } } };

  it('counts in units of the divisor, rounded up', () => {
    expect(resourceValue('requests.cpu', '1', container, node)).to.equal('2');
    expect(resourceValue('requests.cpu', '1m', container, node)).to.equal('1500');
    expect(resourceValue('limits.memory', '1Mi', container, node)).to.equal('100');
    expect(resourceValue('limits.memory', undefined, container, node)).to.equal('104857600');
  });

  it('takes what the node has for a limit that is not set', () => {
    expect(resourceValue('limits.cpu', undefined, container, node)).to.equal('2');
  });

  it('refuses what is no resource or no quantity', () => {
    expect(() => resourceValue('cpu', undefined, container, node)).to.throw('resource cpu is not supported');
    expect(() => parseQuantity('1Xi')).to.throw('1Xi is not a quantity');
  });
});
