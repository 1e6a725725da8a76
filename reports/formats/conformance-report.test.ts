import { expect } from 'chai';
import { parse } from 'yaml';
import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { conformanceReportYaml } from './conformance-report.ts';
import { exampleRun, hostileRun, passingRun } from '../testing/example-run.fixture.ts';

interface Status {
  result: string;
  statistics: { Failed: number; Passed: number; Skipped: number };
  skippedTests?: string[];
  failedTests?: string[];
}
interface Report {
  apiVersion: string;
  kind: string;
  date: string;
  mode: string;
  gatewayAPIVersion: string;
  gatewayAPIChannel: string;
  implementation: { organization: string; project: string; url: string; version: string; contact: string[] };
  profiles: {
    name: string;
    summary: string;
    core: Status;
    extended?: Status & { supportedFeatures: string[]; unsupportedFeatures: string[] };
  }[];
}

function report(run: Run): Report {
  return parse(conformanceReportYaml(run)) as Report;
}

function profile(run: Run): Report['profiles'][number] {
  const [first] = report(run).profiles;
  if (first === undefined) throw new Error('no profile');
  return first;
}

function withVerdict(id: string, verdict: ScenarioResult['verdict']): Run {
  const run = passingRun();
  return { ...run, scenarios: run.scenarios.map((s) => (s.id === id ? { ...s, verdict } : s)) };
}

describe('conformanceReportYaml', () => {
  it('is of the upstream kind, filled in as upstream validates it', () => {
    const found = report(exampleRun());
    expect([found.apiVersion, found.kind]).to.deep.equal([
      'gateway.networking.k8s.io/v1',
      'ConformanceReport',
    ]);
    expect([found.gatewayAPIVersion, found.gatewayAPIChannel]).to.deep.equal(['v1.6.3', 'standard']);
    expect(found.date).to.equal('2026-11-22T09:30:12.418Z');
    const { organization, project, url, version, contact } = found.implementation;
    expect([organization, project, url, version]).to.deep.equal([
      'routeproof',
      'gateway',
      'https://routeproof.dev',
      '0.1.0',
    ]);
    expect(contact).to.have.length(1);
  });

  it('says in mode, summary and comment that it is not the official suite', () => {
    expect(report(exampleRun()).mode).to.equal('routeproof');
    expect(report({ ...exampleRun(), profile: 'kgateway-guide' }).mode).to.equal('routeproof-kgateway-guide');
    expect(profile(exampleRun()).summary).to.include('not the official suite');
    expect(conformanceReportYaml(exampleRun())).to.match(/^# [^]*not a run of the official/);
  });

  it('lists failures of core and extended apart', () => {
    const { core, extended } = profile(exampleRun());
    expect(core.result).to.equal('failure');
    expect(core.failedTests).to.deep.equal([
      'backend/recovers',
      'cross-namespace/no-grant',
      'header/several-all-must-match',
      'streaming/trailers-and-details',
    ]);
    expect(core.skippedTests).to.deep.equal(['tls/several-certificates']);
    expect(core.statistics).to.deep.equal({ Failed: 4, Passed: 54, Skipped: 1 });
    expect(extended?.failedTests).to.deep.equal(['filter/mirror']);
  });

  it('leaves out extended scenarios of features that are not claimed, and names those features', () => {
    const { extended } = profile(exampleRun());
    expect(extended?.statistics).to.deep.equal({ Failed: 1, Passed: 0, Skipped: 0 });
    expect(extended?.unsupportedFeatures).to.deep.equal(['GatewayHTTPListenerIsolation']);
    expect(extended?.supportedFeatures).to.deep.equal(['GRPCRouteNamedRouteRule']);
  });

  it('is success only when every core scenario passed', () => {
    expect(profile(passingRun()).core.result).to.equal('success');
    for (const verdict of ['not-run', 'setup-failed'] as const) {
      const { core } = profile(withVerdict('method/exact', verdict));
      expect([core.result, core.skippedTests]).to.deep.equal(['partial', ['method/exact']]);
    }
    for (const verdict of ['wrong', 'slow', 'unstable'] as const)
      expect(profile(withVerdict('method/exact', verdict)).core.result).to.equal('failure');
  });

  it('is partial when the run ended early or proved nothing', () => {
    expect(profile({ ...passingRun(), aborted: 'Ctrl-C' }).core.result).to.equal('partial');
    expect(profile({ ...passingRun(), scenarios: [] }).core.result).to.equal('partial');
    expect(profile({ ...passingRun(), scenarios: [] })).not.to.have.property('extended');
  });

  it('can be read back whatever the strings hold', () => {
    expect(report(hostileRun()).profiles).to.have.length(1);
  });
});
