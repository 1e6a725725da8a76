import { expect } from 'chai';
import { countsAgainst } from '../results/counts-against.ts';
import type { ScenarioResult } from '../results/run.ts';
import type { Scenario } from './api.ts';
import { FakeCluster, route } from './fake-cluster.fixture.ts';

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
    return cluster.run(body);
  };
  const fails = async (t: Scenario): Promise<void> => {
    await t.applyObjects(route);
    await t.callMust(cluster.call, { backend: 'v2' });
  };

  it('is told, with its verdict, and does not count', async () => {
    const result = await runWith(true, (t) => t.implied([clause], () => fails(t)));
    expect(result).to.include({ verdict: 'wrong', tier: 'informational' });
    expect(countsAgainst(result)).to.equal(false);
  });

  it('is no excuse for what comes after it, nor for clauses that are stated', async () => {
    const stated = await runWith(false, fails);
    expect(stated).to.include({ verdict: 'wrong' }).and.not.to.have.property('tier');
    expect(countsAgainst(stated)).to.equal(true);
    const misused = await runWith(false, (t) => t.implied([clause], () => fails(t)));
    expect(misused.verdict).to.equal('setup-failed');
  });
});
