import { expect } from 'chai';
import { countsAgainst } from '../../results/counts-against.ts';
import type { ScenarioResult } from '../../results/run.ts';
import type { Scenario } from '../../specs/api.ts';
import { FakeCluster, route } from '../fake-cluster.fixture.ts';

/** Of the fixture's meta. */
const clause = 'a';

describe('what nothing but an inferred clause asks for', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  const runWith = (informational: boolean, body: (t: Scenario) => Promise<void>): Promise<ScenarioResult> => {
    cluster.env.rules = {
      ...cluster.env.rules,
      clauses: new Map([
        [clause, { informational }],
        ['stated', { informational: false }],
      ]),
    };
    return cluster.run(body, { clauses: [clause, 'stated'] });
  };
  const fails = async (t: Scenario): Promise<void> => {
    await t.applyObjects(route);
    await t.callMust(cluster.call, { backend: 'v2' });
  };

  it('is told beside the verdict, and does not count', async () => {
    const result = await runWith(true, (t) => t.implied([clause], () => fails(t)));
    expect(result).to.include({ verdict: 'pass' }).and.not.to.have.property('seen');
    expect(result.implied?.[0]).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(result.implied?.[0]?.clauses).to.deep.equal([clause]);
    expect(result.repro).not.to.equal(undefined);
    expect(countsAgainst(result)).to.equal(false);
  });

  it('lets the scenario go on, and is told beside a verdict that counts', async () => {
    const result = await runWith(true, async (t) => {
      await t.implied([clause], () => fails(t));
      await t.check('what the spec demands', () => expect(1).to.equal(2), 'status');
    });
    expect(result).to.include({ verdict: 'wrong', layer: 'status', expected: 'what the spec demands' });
    expect(result).not.to.have.property('tier');
    expect(countsAgainst(result)).to.equal(true);
    expect(result.implied).to.have.length(1);
    expect(result.evidence.calls.filter(({ role }) => role !== undefined)).to.deep.equal([]);
  });

  it('tells each of several, with the call that the first failed with', async () => {
    const result = await runWith(true, async (t) => {
      await t.implied([clause], () => fails(t));
      await t.implied([clause], () => t.check('second', () => expect(1).to.equal(2), 'status'));
      await t.callMust(cluster.call, {});
    });
    expect(result.verdict).to.equal('pass');
    expect(result.implied?.map(({ layer }) => layer)).to.deep.equal(['routed', 'status']);
    expect(result.evidence.calls.filter(({ role }) => role === 'failed')).to.have.length(1);
  });

  it('hides no error of the scenario itself', async () => {
    const broken = await runWith(true, (t) =>
      t.implied([clause], () => Promise.reject(new TypeError('a mistake'))),
    );
    expect(broken).to.include({ verdict: 'setup-failed' }).and.not.to.have.property('tier');
  });

  it('is no excuse for clauses that are stated', async () => {
    const stated = await runWith(false, fails);
    expect(stated).to.include({ verdict: 'wrong' }).and.not.to.have.property('tier');
    expect(countsAgainst(stated)).to.equal(true);
    const misused = await runWith(false, (t) => t.implied([clause], () => fails(t)));
    expect(misused.verdict).to.equal('setup-failed');
  });
});
