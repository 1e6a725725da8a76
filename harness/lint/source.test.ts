import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { asJson, asSarif, asText } from './formats.ts';
import { lint } from './lint.ts';
import { readObjects } from './source.ts';

const manifest = `# a comment
apiVersion: v1
kind: List
items:
  - apiVersion: gateway.networking.k8s.io/v1
    kind: GRPCRoute
    metadata:
      name: shop
    spec:
      rules:
        - matches:
            - headers:
                - { name: Env, value: a }
                - { name: env, value: b }
          backendRefs: [{ name: shop, port: 9000 }]
---
---
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"ports": [{"port": 9000}]}}
`;

describe('readObjects', () => {
  it('reads documents, JSON and the items of a List, and knows where a field stands', () => {
    const [route, service, ...more] = readObjects(manifest, 'all.yaml');
    expect([route?.object.kind, service?.object.kind, more.length]).to.deep.equal([
      'GRPCRoute',
      'Service',
      0,
    ]);
    const headers = ['spec', 'rules', 0, 'matches', 0, 'headers'];
    expect(route?.positionOf([...headers, 1, 'name'])).to.deep.equal({ line: 14, column: 21 });
    expect(route?.positionOf(['spec', 'rules'])).to.deep.equal({ line: 10, column: 7 });
    expect(service?.positionOf(['metadata', 'name'])).to.deep.equal({ line: 18, column: 54 });
  });

  it('points at the nearest parent of a field that is not written', () => {
    const [route] = readObjects(manifest, 'all.yaml');
    expect(route?.positionOf(['spec', 'parentRefs', 0, 'name'])).to.deep.equal({ line: 9, column: 5 });
  });

  for (const [what, text, place] of [
    ['YAML', 'a: [1\nb: 2\n', 'x.yaml:2:1'],
    ['an object', '- a\n', 'x.yaml:1:1'],
    ['a Kubernetes object', 'kind: List\nitems: []\n', 'x.yaml:1:1'],
  ] as const) {
    it(`says where a file is not ${what}`, () => {
      expect(() => readObjects(text, 'x.yaml'))
        .to.throw(RouteproofError)
        .that.includes({ code: 'INVALID_MANIFEST', object: place });
    });
  }
});

describe('formats of findings', () => {
  const result = lint([{ file: 'all.yaml', text: manifest }], { profile: 'standard' });

  it('print file, line, clause and fix', () => {
    const text = asText(result, 'standard');
    expect(text).to.contain('all.yaml:14:21: warning: env and Env are one header');
    expect(text).to.contain('clause header-duplicate-first-wins');
    expect(text).to.contain('0 errors, 1 warning, 0 notes in 2 objects (profile standard)');
  });

  it('are the same in JSON and SARIF', () => {
    const { findings } = JSON.parse(asJson(result, 'standard')) as {
      findings: { line: number; rule: string }[];
    };
    const sarif = JSON.parse(asSarif(result, '1.2.3')) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          locations: { physicalLocation: { region: { startLine: number } } }[];
        }[];
      }[];
    };
    const [run] = sarif.runs;
    expect(findings.map(({ rule, line }) => [rule, line])).to.deep.equal([['header-named-twice', 14]]);
    expect(
      run?.results.map(({ ruleId, ruleIndex, locations }) => [
        ruleId,
        run.tool.driver.rules[ruleIndex]?.id,
        locations[0]?.physicalLocation.region.startLine,
      ]),
    ).to.deep.equal([['header-named-twice', 'header-named-twice', 14]]);
  });
});
