import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { bundlePath } from './bundle-path.ts';
import { exampleRun, hostileRun } from '../testing/example-run.fixture.ts';
import { bundleFiles } from './repro-bundle.ts';

const failing = 'header/several-all-must-match';
const manifest = `apiVersion: v1
kind: Namespace
metadata: { name: here }
---
apiVersion: v1
kind: Service
metadata: { name: v1, namespace: here }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: shop, namespace: here }
`;

function scenarioOf(run: Run, id = failing): ScenarioResult {
  const found = run.scenarios.find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

function bundle(change: Partial<ScenarioResult> = {}): Map<string, string> {
  const run = exampleRun();
  return bundleFiles(run, { ...scenarioOf(run), ...change }) ?? new Map<string, string>();
}

describe('a repro bundle', () => {
  it('has the manifests in the order in which they were applied, namespaces first', () => {
    const files = bundle({ repro: { manifest, commands: ['routeproof conformance --scenario x --keep'] } });
    const manifests = [...files.keys()].filter((name) => /^[^/]+\.(ya?ml|json)$/.test(name));
    expect(manifests.toSorted()).to.deep.equal([
      '00-namespaces.yaml',
      '01-service-v1.yaml',
      '02-grpcroute-shop.yaml',
    ]);
    const applied = manifests.toSorted().flatMap((name) => parseAllDocuments(files.get(name) ?? ''));
    expect(applied.map((document) => document.toJS() as unknown)).to.deep.equal(
      parseAllDocuments(manifest).map((document) => document.toJS() as unknown),
    );
  });

  it('has files that every file system takes, however long the names of objects are', () => {
    const long = manifest.replaceAll('name: shop', `name: ${'s'.repeat(253)}`);
    const names = [...bundle({ repro: { manifest: long, commands: [] } }).keys()];
    expect(names).to.include(`02-${`grpcroute-${'s'.repeat(253)}`.slice(0, 120)}.yaml`);
    expect(names.filter((name) => name.length > 200)).to.deep.equal([]);
  });

  it('says what was expected and seen in one line, and how to see it again', () => {
    const text = bundle().get('README.md') ?? '';
    expect(text).to.match(
      /^\*\*wrong at layer routed\*\*: expected status UNIMPLEMENTED, no backend; seen: status OK from backend v2/m,
    );
    for (const command of scenarioOf(exampleRun()).repro?.commands ?? []) expect(text).to.include(command);
    expect(text).to.include('kubectl apply -f BUNDLE');
  });

  it('applies the manifests on the cluster of the run; results of older versions say nothing of it', () => {
    const apply = 'kubectl --context c apply -f BUNDLE';
    const text = bundle({ repro: { manifest, commands: [], apply } }).get('README.md');
    expect(text).to.include(`\n${apply}\n`).and.not.include('routeproof exec');
    expect(bundle({ repro: { manifest, commands: [] } }).get('README.md')).to.include(
      '\nrouteproof exec -- kubectl apply -f BUNDLE\n',
    );
  });

  it('holds versions, statuses, calls, timeline and logs', () => {
    const files = bundle();
    expect(files.get('versions.txt')).to.include('envoy: 1.40.0').and.include('kubernetes: v1.36.3');
    expect(files.get('evidence/objects.yaml')).to.include('observedGeneration');
    expect(files.get('evidence/calls.json')).to.include('requestMetadata');
    expect(files.get('evidence/timeline.txt')).to.match(
      /42 ms - 180 ms ! probe {2}10\.97\.0\.1:80: UNIMPLEMENTED x6/,
    );
    expect(files.get('evidence/logs.txt')).to.include('routeproof-base/shared');
  });

  it('holds what the commands name', () => {
    const commands = ['routeproof conformance', 'grpcurl -cacert ca.pem -authority a.test'];
    const files = bundle({ repro: { manifest, commands, files: { 'ca.pem': 'PEM' } } });
    expect(files.get('ca.pem')).to.equal('PEM');
    expect(files.get('README.md')).to.include('grpcurl -cacert BUNDLE/ca.pem -authority a.test');
  });

  it('is made of failures only', () => {
    const run = exampleRun();
    expect(bundleFiles(run, scenarioOf(run, 'header/exact'))).to.equal(undefined);
    expect(bundle().size).to.be.greaterThan(5);
  });

  it('stays in its folder, whatever the run file says', () => {
    for (const id of ['../../etc/passwd', '/etc', '..', '', 'a/../../b', './x', 'a\\..\\b'])
      expect(bundlePath(id)).to.match(/^repro(\/(?!\.+(\/|$))[\w.-]+)+$/);
    expect(bundlePath('header/exact')).to.equal('repro/header/exact');
    const run = hostileRun();
    for (const scenario of run.scenarios)
      for (const name of bundleFiles(run, scenario)?.keys() ?? [])
        expect(name).to.match(/^(evidence\/)?(?!\.)[\w.-]+$/);
  });
});
