import { expect } from 'chai';
import type { OfficialRelease } from '../../common/official-releases.ts';
import { clausesJudged, runRules } from './run-rules.ts';

describe('the clauses that a scenario is judged by', () => {
  const written = ['grpcroute-http-h2c-prior-knowledge', 'grpcroute-https-h2-alpn'];

  it('are all that the release says', () => {
    expect(clausesJudged(runRules(), written)).to.deep.equal(written);
    const older = ['hostname-conflict-exactly-one', ...written];
    expect(clausesJudged(runRules({ release: 'v1.7.0' }), older)).to.deep.equal(written);
  });

  it('leave out what the installed CRDs are no evidence of', () => {
    const either = ['validation-btls-ca-min', 'validation-grpcroute-session-name-length'];
    const judged = (release: OfficialRelease, crdRelease: OfficialRelease) =>
      clausesJudged(runRules({ release, crdRelease }), [...either, ...written]);
    expect(judged('v1.7.0', 'v1.6.3')).to.deep.equal(written);
    expect(judged('v1.6.3', 'v1.7.0')).to.deep.equal(written);
    expect(judged('v1.7.0', 'v1.7.0')).to.deep.equal([either[0], ...written]);
    expect(judged('v1.6.3', 'v1.6.3')).to.deep.equal([either[1], ...written]);
  });

  it('leave out fields that CRDs before all known releases lack, and no others', () => {
    const field = 'class-supportedfeatures-sorted';
    const judged = (olderCrds: string) => clausesJudged(runRules({ olderCrds }), [field, ...written]);
    expect(judged('v1.2.1')).to.deep.equal(written);
    expect(judged('v1.4.1')).to.deep.equal([field, ...written]);
  });

  it('leave out what the document of the profile says otherwise of', () => {
    const rules = runRules({ profile: 'kgateway-guide' });
    expect(clausesJudged(rules, written)).to.deep.equal(['grpcroute-https-h2-alpn']);
  });
});
