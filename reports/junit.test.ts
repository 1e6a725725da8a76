import { expect } from 'chai';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Run } from '../harness/results/run.ts';
import { exampleRun, hostileRun } from './example-run.fixture.ts';
import { junitXml } from './junit.ts';

interface Case {
  '@name': string;
  '@classname': string;
  '@time': string;
  failure?: { '@message': string; '@type': string; '#text': string };
  error?: { '@message': string; '@type': string };
  skipped?: { '@message': string };
}
interface Suite {
  '@name': string;
  '@tests': string;
  testcase: Case[];
}
interface Root {
  '@tests': string;
  '@failures': string;
  '@errors': string;
  '@skipped': string;
  testsuite: Suite[];
}

function parsed(run: Run): Root {
  const xml = junitXml(run);
  expect(XMLValidator.validate(xml)).to.equal(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
    parseTagValue: false,
    processEntities: { enabled: true, maxTotalExpansions: 100_000, maxExpandedLength: 10_000_000 },
    htmlEntities: true,
  });
  return (parser.parse(xml) as { testsuites: Root }).testsuites;
}

function caseOf(root: Root, id: string): Case {
  const found = root.testsuite.flatMap((s) => s.testcase).find((c) => c['@name'] === id);
  if (found === undefined) throw new Error(`no testcase ${id}`);
  return found;
}

describe('junitXml', () => {
  it('counts failures, errors and skips as they are', () => {
    const root = parsed(exampleRun());
    // 65 scenarios and 2 benchmarks; one setup-failed and one invalid benchmark.
    expect([root['@tests'], root['@failures'], root['@errors'], root['@skipped']]).to.deep.equal([
      '67',
      '5',
      '2',
      '1',
    ]);
    for (const suite of root.testsuite) expect(suite['@tests']).to.equal(String(suite.testcase.length));
  });

  it('tells verdict, layer, expected and seen of a failure', () => {
    const { failure } = caseOf(parsed(exampleRun()), 'header/several-all-must-match');
    expect(failure?.['@type']).to.equal('wrong at routed');
    expect(failure?.['@message']).to.match(/^routed: status OK from backend v2/);
    expect(failure?.['#text'])
      .to.include('expected: status UNIMPLEMENTED, no backend')
      .and.include('clauses:  header-several-all-must-match')
      .and.include('grpcurl -plaintext');
  });

  it('makes set-up failures errors, and what was not run a skip with its reason', () => {
    const root = parsed(exampleRun());
    expect(caseOf(root, 'tls/several-certificates').error?.['@message']).to.include('ImagePullBackOff');
    expect(caseOf(root, 'listener/isolation').skipped?.['@message']).to.include('does not claim');
    const pass = caseOf(root, 'hostname/exact');
    expect([pass.failure, pass.error, pass.skipped]).to.deep.equal([undefined, undefined, undefined]);
  });

  it('makes an invalid benchmark and an early end errors', () => {
    const root = parsed({ ...exampleRun(), aborted: 'the API server went away' });
    expect(caseOf(root, 'large-messages').error?.['@message']).to.include('37 iterations');
    expect(caseOf(root, 'unary-latency').error).to.equal(undefined);
    expect(caseOf(root, 'ran to its end').error?.['@message']).to.equal('the API server went away');
  });

  it('stays well-formed whatever a backend sent', () => {
    const root = parsed(hostileRun());
    expect(root['@tests']).to.equal('68');
    // XML 1.0 has no NUL and no lone surrogate; everything else is kept.
    expect(junitXml(hostileRun()))
      .to.include('&lt;/script&gt;')
      .and.not.match(/[\u0000\ud800]/);
  });
});
