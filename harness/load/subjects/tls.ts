import { floorPorts } from '../floor-config.ts';
import type { LoadSubject } from '../subject.ts';

const ports = { direct: 9443, floor: floorPorts.tls, gateway: 443 };
const cases = [{ name: 'h2c' }, { name: 'tls' }];

/** The same calls in plain text and with TLS; towards the backend a proxy speaks plain text in both. */
export const tls: LoadSubject = {
  name: 'tls',
  title: 'Unary calls with TLS beside the same calls in plain text, on connections that are kept',
  sides: ['direct', 'floor', 'gateway'],
  tls: true,
  calibrated: true,
  againstFirst: true,
  plans: {
    quick: { rateRps: 300, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 300, blocks: 10, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: cases, long: cases },
  leg: ({ side, case: of }, addresses) =>
    of.name === 'tls' ? { target: `${addresses[side]}:${ports[side]}`, tls: true } : {},
  call: (of) => (of.name === 'tls' ? { tls: true } : {}),
};
