import { expect } from 'chai';
import { readProfile } from '../profiles/profile.ts';
import type { OfficialRelease } from '../../common/official-releases.ts';
import type { RunRules } from '../env/run-rules.ts';
import type { ScenarioMeta } from './api.ts';
import { isInChannel, leftOutOf } from './left-out.ts';

const rules = (of: Partial<RunRules> = {}): RunRules => ({
  release: 'v1.6.3',
  crdRelease: of.release ?? 'v1.6.3',
  clauses: new Map([
    ['old', { until: 'v1.6.3', informational: false }],
    ['new', { since: 'v1.7.0', informational: false }],
    ['field', { since: 'v1.7.0', crds: true, informational: false }],
    ['former', { until: 'v1.6.3', crds: true, informational: false }],
  ]),
  profile: readProfile('standard'),
  ...of,
});
const meta = (of: Partial<ScenarioMeta>): ScenarioMeta => ({
  id: 's/1',
  title: 'a title',
  support: 'core',
  clauses: ['always'],
  ...of,
});
const by = (of: Partial<ScenarioMeta>, more: Partial<RunRules> = {}, claimed: string[] = []) =>
  leftOutOf(meta(of), { rules: rules(more), claimed: new Set(claimed), ownCluster: true })?.by;

describe('what the installed CRDs have', () => {
  const has = (of: Partial<ScenarioMeta>, channel: string, release: OfficialRelease): boolean =>
    isInChannel(meta(of), { channel, release });

  it('is all of the standard channel, and of the experimental one where that is installed', () => {
    expect(has({}, 'standard', 'v1.6.3')).to.equal(true);
    expect(has({}, 'experimental', 'v1.6.3')).to.equal(true);
    expect(has({ channel: 'experimental' }, 'experimental', 'v1.6.3')).to.equal(true);
    expect(has({ channel: 'experimental' }, 'standard', 'v1.7.0')).to.equal(false);
    expect(has({ channel: 'experimental' }, 'unknown', 'v1.7.0')).to.equal(false);
  });

  it('is in the standard channel from the release on that has taken it in', () => {
    const retry = { channel: 'experimental', standardSince: 'v1.7.0' } as const;
    expect(has(retry, 'standard', 'v1.6.3')).to.equal(false);
    expect(has(retry, 'standard', 'v1.7.0')).to.equal(true);
    expect(has(retry, 'experimental', 'v1.6.3')).to.equal(true);
  });
});

describe('what does not belong to a run', () => {
  it('is a scenario none of whose clauses the release makes', () => {
    expect(by({ clauses: ['new'] })).to.equal('release');
    expect(by({ clauses: ['new'] }, { release: 'v1.7.0' })).to.equal(undefined);
    expect(by({ clauses: ['old'] }, { release: 'v1.7.0' })).to.equal('release');
    expect(by({ clauses: ['old', 'always'] }, { release: 'v1.7.0' })).to.equal(undefined);
  });

  it('is a scenario of a field that the installed CRDs do not have, whichever release judges', () => {
    const older = { release: 'v1.7.0', crdRelease: 'v1.6.3' } as const;
    expect(by({ clauses: ['field'] }, older)).to.equal('release');
    expect(by({ clauses: ['new'] }, older)).to.equal(undefined);
    expect(by({ clauses: ['field'] }, { release: 'v1.7.0', crdRelease: 'v1.7.0' })).to.equal(undefined);
    expect(by({ clauses: ['field'] }, { release: 'v1.6.3', crdRelease: 'v1.7.0' })).to.equal('release');
    expect(by({ clauses: ['former'] }, { release: 'v1.6.3', crdRelease: 'v1.7.0' })).to.equal('release');
    const of = { rules: rules(older), claimed: new Set<string>(), ownCluster: true };
    expect(leftOutOf(meta({ clauses: ['field'] }), of)?.reason).to.equal(
      'none of its clauses holds in Gateway API v1.7.0 with the CRDs of v1.6.3 that are installed',
    );
  });

  it('is what judges CRDs that are older than all that is known here, and nothing else', () => {
    const older = { olderCrds: 'v1.4.1' };
    expect(by({ id: 'validation/listeners' }, older)).to.equal('crds');
    expect(by({ clauses: ['always', 'validation-name'] }, older)).to.equal('crds');
    expect(by({}, older)).to.equal(undefined);
    expect(by({ id: 'validation/listeners' })).to.equal(undefined);
  });

  it('is an extended scenario of a feature that is not claimed, never a core one', () => {
    expect(by({ support: 'extended', features: ['A', 'B'] }, {}, ['A'])).to.equal('feature');
    expect(by({ support: 'extended', features: ['A'] }, {}, ['A'])).to.equal(undefined);
    expect(by({ features: ['A'] })).to.equal(undefined);
  });

  it('is one that changes what all share, on a cluster that is not of this run alone', () => {
    const on = (ownCluster: boolean) =>
      leftOutOf(meta({ exclusive: true }), { rules: rules(), claimed: new Set(), ownCluster })?.by;
    expect(on(false)).to.equal('cluster');
    expect(on(true)).to.equal(undefined);
  });

  it('is one that judges another profile', () => {
    const profile = readProfile('kgateway-guide');
    expect(by({ profiles: ['kgateway-guide'] })).to.equal('profile');
    expect(by({ profiles: ['kgateway-guide'] }, { profile })).to.equal(undefined);
    expect(by({ profiles: ['aws-vpc-lattice'] }, { profile })).to.equal('profile');
  });

  it("is one of a clause that the profile's document says otherwise of, unless the profile keeps it", () => {
    const profile = readProfile('kgateway-guide');
    const clauses = ['grpcroute-http-h2c-prior-knowledge', 'always'];
    expect(by({ clauses }, { profile })).to.equal('profile');
    expect(by({ clauses, id: 'streaming/server-stream' }, { profile })).to.equal(undefined);
    expect(by({ id: 'listener/conflicted' }, { profile })).to.equal('profile');
    expect(by({ clauses })).to.equal(undefined);
  });
});
