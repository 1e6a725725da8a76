import { expect } from 'chai';
import { judge } from '../harness/rpc/judge.ts';
import type { CallResult } from '../harness/index.ts';
import { declined, unserved } from './expected.ts';

/** As grpc-js gives it for an answer that has no gRPC status. */
const answer = (status: number, message: string): CallResult => ({
  record: {} as CallResult['record'],
  nonce: '',
  status,
  statusName: '',
  message,
  responses: [],
  headers: new Map(),
  trailers: new Map(),
  backend: undefined,
  received: new Map(),
  reached: 'routed',
});
const page = (status: number, code: number): CallResult =>
  answer(status, `Received HTTP status code ${String(code)}`);

const tooLarge = answer(8, 'Received message larger than max (576941924 vs 67108864)');
const ofType = (type: string): CallResult => ({ ...tooLarge, headers: new Map([['content-type', [type]]]) });

describe('what counts as not served', () => {
  it('takes UNAVAILABLE and UNKNOWN, by a gRPC status or by the HTTP status that stands for it', () => {
    for (const right of [
      answer(14, ''),
      answer(2, ''),
      page(2, 500),
      page(14, 503),
      ofType('application/json'),
    ])
      expect(judge(right, unserved).ok, right.message).to.equal(true);
  });

  it('takes neither other statuses nor what clients read as UNKNOWN without a server-side error', () => {
    for (const wrong of [
      answer(0, ''),
      answer(13, ''),
      answer(12, ''),
      answer(8, 'slow down'),
      tooLarge,
      ofType('application/grpc+proto'),
      page(2, 301),
      page(14, 429),
    ])
      expect(judge(wrong, unserved).ok, wrong.message).to.equal(false);
  });

  it('takes UNIMPLEMENTED as well where a rule was refused', () => {
    for (const right of [answer(12, ''), page(12, 404), answer(14, '')])
      expect(judge(right, declined).ok, right.message).to.equal(true);
    for (const wrong of [answer(0, ''), answer(5, ''), page(2, 302)])
      expect(judge(wrong, declined).ok, wrong.message).to.equal(false);
  });

  it('takes no answer of a backend', () => {
    expect(judge({ ...answer(14, ''), backend: 'v1' }, unserved).ok).to.equal(false);
  });
});
