import { expect } from 'chai';
import type { KubernetesObject, Scenario } from '../../harness/index.ts';
import { judge, type Case } from './judge.ts';

/** An API server with one opinion for each object's name; the message of a failed check, or undefined. */
async function verdictOf(refusals: Record<string, string>, cases: Case[]): Promise<string | undefined> {
  let seen: string | undefined;
  const t = {
    rejection: (object: KubernetesObject) => Promise.resolve(refusals[object.metadata?.name ?? '']),
    check: (_text: string, body: () => unknown) => {
      try {
        body();
      } catch (error) {
        seen = (error as Error).message;
      }
      return Promise.resolve();
    },
  };
  await judge(t as unknown as Scenario, cases);
  return seen;
}

const named = (name: string): KubernetesObject => ({ metadata: { name } });
const one: Case = {
  clauses: ['a-clause'],
  wrong: 'a bad port',
  accepted: [named('good')],
  refused: [named('bad')],
  field: 'spec.port',
  says: /too large/,
};

describe('judging the API server', () => {
  it('is content when the invalid is refused for the right field and the neighbour accepted', async () => {
    expect(await verdictOf({ bad: 'spec.port: too large' }, [one])).to.equal(undefined);
  });

  it('names clause, field and cause of every rule that does not hold', async () => {
    expect(await verdictOf({}, [one])).to.equal(
      'a-clause (a bad port, spec.port): invalid object 1 is accepted',
    );
    const both = await verdictOf({ bad: 'spec.other: too large', good: 'spec.port: no' }, [one]);
    expect(both).to.include('valid neighbour 1 is refused: spec.port: no');
    expect(both).to.include('does not name spec.port with /too large/: spec.other: too large');
    const twice = await verdictOf({ bad: 'spec.port: unknown' }, [one, { ...one, clauses: ['b-clause'] }]);
    expect(twice).to.match(/^a-clause .*\nb-clause /);
  });
});
