import { floorPorts } from '../floor-config.ts';
import type { LoadSubject } from '../subject.ts';

const ports = { direct: 9443, floor: floorPorts.tls, gateway: 443 };
const cases = [{ name: 'kept' }, { name: 'new' }, { name: 'new-tls' }];

/** What it costs to open a connection for each call, as clients that do not keep theirs do, and all of them after a restart. */
export const connectionChurn: LoadSubject = {
  name: 'connection-churn',
  title:
    'Calls on a new connection each, from before it is opened to the answer, beside a connection that is kept',
  sides: ['direct', 'floor', 'gateway'],
  tls: true,
  againstFirst: true,
  plans: {
    quick: { rateRps: 50, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 50, blocks: 8, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: cases, long: cases },
  leg: ({ side, case: of }, addresses) =>
    of.name === 'new-tls' ? { target: `${addresses[side]}:${ports[side]}`, tls: true } : {},
  call: (of) => (of.name === 'new-tls' ? { tls: true } : {}),
};
