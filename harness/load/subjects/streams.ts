import type { LoadSubject } from '../subject.ts';

const cases = [{ name: 'server-stream' }, { name: 'client-stream' }, { name: 'bidi-stream' }];

/** What a message on a stream costs, and how many a second one stream carries. */
export const streams: LoadSubject = {
  name: 'streams',
  title: 'Streams of 50 messages: from the server, from the client, and answered one by one',
  sides: ['direct', 'floor', 'gateway'],
  timed: 'message',
  plans: {
    quick: { rateRps: 6, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 6, blocks: 8, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: cases, long: cases },
};
