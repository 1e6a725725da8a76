import { expect } from 'chai';
import { containerPorts } from './container-port.ts';

describe('containerPorts', () => {
  const table: [string, number[], [number, number][]][] = [
    [
      'moves privileged ports',
      [80, 443],
      [
        [80, 10080],
        [443, 10443],
      ],
    ],
    [
      'keeps all others',
      [8080, 65535],
      [
        [8080, 8080],
        [65535, 65535],
      ],
    ],
    [
      'makes way for a port that is there already',
      [80, 10080],
      [
        [80, 20080],
        [10080, 10080],
      ],
    ],
    [
      'keeps out of the proxy’s own ports',
      [19000, 19001],
      [
        [19000, 29000],
        [19001, 29001],
      ],
    ],
  ];
  for (const [title, ports, expected] of table) {
    it(title, () => expect([...containerPorts(ports)].sort(([a], [b]) => a - b)).to.deep.equal(expected));
  }

  it('gives every port another one', () => {
    const all = Array.from({ length: 1023 }, (_, index) => index + 1).concat([10080, 11024, 20080]);
    const given = new Set(containerPorts(all).values());
    expect(given.size).to.equal(all.length);
    expect(Math.min(...given)).to.be.at.least(1024);
  });
});
