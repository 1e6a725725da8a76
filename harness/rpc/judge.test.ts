import { expect } from 'chai';
import type { CallResult, Expected } from './call.ts';
import type { Layer } from '../results/run.ts';
import { describeExpected, isWrongAnyway, judge } from './judge.ts';
import { statusCode, statusName } from './status-names.ts';

function answer(status: number | null, backend?: string, reached: Layer = 'trailers'): CallResult {
  return { status, backend, reached, message: '', record: { error: 'refused' } } as CallResult;
}

function judged(result: CallResult, expected: Expected): string {
  const { ok, layer } = judge(result, expected);
  return ok ? 'ok' : layer;
}

const gone: Expected = { status: [null, 'UNIMPLEMENTED'], backend: null };

describe('judging a call', () => {
  const cases: [what: string, result: CallResult, expected: Expected, verdict: string][] = [
    ['the right backend', answer(0, 'v1'), { backend: 'v1' }, 'ok'],
    ['one of the right backends', answer(0, 'v2'), { backend: ['v1', 'v2'] }, 'ok'],
    ['another backend', answer(0, 'v2'), { backend: 'v1' }, 'routed'],
    ['UNIMPLEMENTED by the proxy', answer(12), { backend: 'v1' }, 'routed'],
    ['UNAVAILABLE by the proxy', answer(14), { backend: 'v1' }, 'backend'],
    [
      'another status by the right backend',
      answer(13, 'v1'),
      { backend: 'v1', status: 'NOT_FOUND' },
      'trailers',
    ],
    ['a backend where none may be', answer(12, 'v1'), { status: 12, backend: null }, 'routed'],
    ['no backend where none may be', answer(12), { status: 'UNIMPLEMENTED', backend: null }, 'ok'],
    ['one of the right statuses', answer(2), { status: ['UNAVAILABLE', 'UNKNOWN'], backend: null }, 'ok'],
    [
      'none of the right statuses',
      answer(12),
      { status: ['UNAVAILABLE', 'UNKNOWN'], backend: null },
      'routed',
    ],
    ['a refused connection', answer(null, undefined, 'programmed'), {}, 'connect'],
    ['a failed handshake', answer(null, undefined, 'connect'), {}, 'tls'],
    ['no HTTP/2', answer(null, undefined, 'tls'), {}, 'http2'],
    ['no connection where none may be', answer(null, undefined, 'programmed'), { status: null }, 'ok'],
    ['a connection where none may be', answer(0, 'v1'), { status: null }, 'connect'],
    ['no connection where none need be', answer(null, undefined, 'programmed'), gone, 'ok'],
    ['a right status where no connection need be', answer(12), gone, 'ok'],
    ['a wrong status where no connection need be', answer(14), gone, 'backend'],
    ['a backend where no connection need be', answer(0, 'v1'), gone, 'routed'],
  ];
  for (const [what, result, expected, verdict] of cases) {
    it(`says ${verdict} to ${what}`, () => expect(judged(result, expected)).to.equal(verdict));
  }

  it('knows which answers are wrong whoever made them', () => {
    const wrong = cases.filter(
      ([, { status }, expected]) => status !== null && isWrongAnyway(status, expected),
    );
    expect(wrong.map(([what]) => what)).to.deep.equal([
      'UNIMPLEMENTED by the proxy',
      'UNAVAILABLE by the proxy',
      'another status by the right backend',
      'none of the right statuses',
      'a connection where none may be',
      'a wrong status where no connection need be',
      'a backend where no connection need be',
    ]);
  });

  it('does not say who made an answer that nobody was asked about', () => {
    const { seen } = judge({ ...answer(14), anonymous: true }, { backend: 'v1' });
    expect(seen).to.equal('UNAVAILABLE (14)');
  });

  it('shows what a further assertion found', () => {
    const also = (result: CallResult): void => {
      expect(result.status).to.equal(5);
    };
    const { ok, seen, layer } = judge(answer(0, 'v1'), { also });
    expect({ ok, layer }).to.deep.equal({ ok: false, layer: 'backend' });
    expect(seen).to.equal('OK (0) from v1; expected +0 to equal 5');
  });

  it('lets through what is no assertion: a mistake in the scenario', () => {
    const also = (): void => {
      throw new TypeError('oops');
    };
    expect(() => judge(answer(0, 'v1'), { also })).to.throw(TypeError);
  });

  it('describes expectations in one line', () => {
    expect(describeExpected({ backend: ['v1', 'v2'] })).to.equal('OK (0) from v1 or v2');
    expect(describeExpected({ status: 'UNIMPLEMENTED', backend: null })).to.equal(
      'UNIMPLEMENTED (12) and no backend reached',
    );
    expect(describeExpected({ status: null })).to.equal('no connection');
    expect(describeExpected(gone)).to.equal('no connection or UNIMPLEMENTED (12) and no backend reached');
  });

  it('knows statuses by name and code', () => {
    expect(statusCode('UNAVAILABLE')).to.equal(14);
    expect(statusName(14)).to.equal('UNAVAILABLE');
    expect(statusName(null)).to.equal('no status');
    expect(() => statusCode('UNAVAILBLE')).to.throw('no such gRPC status');
  });
});
