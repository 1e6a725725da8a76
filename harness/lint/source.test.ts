import { expect } from 'chai';
import { asJson, asSarif, asText } from './formats.ts';
import { lint } from './lint.ts';
import { readManifest } from './source.ts';

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
      parentRefs: [{ name: edge }]
---
---
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"ports": [{"port": 9000}]}}
`;

describe('readManifest', () => {
  const readObjects = (text: string) => readManifest(text, 'x.yaml').objects;
  const problemsOf = (text: string): string[] =>
    readManifest(text, 'x.yaml').problems.map(
      ({ rule, line, column }) => `${rule} ${String(line)}:${String(column)}`,
    );

  it('reads documents, JSON and the items of a List, and knows where a field stands', () => {
    const [route, service, ...more] = readObjects(manifest);
    expect([route?.object.kind, service?.object.kind, more.length]).to.deep.equal([
      'GRPCRoute',
      'Service',
      0,
    ]);
    const headers = ['spec', 'rules', 0, 'matches', 0, 'headers'];
    expect(route?.positionOf([...headers, 1, 'name'])).to.deep.equal({ line: 14, column: 21 });
    expect(route?.positionOf(['spec', 'rules'])).to.deep.equal({ line: 10, column: 7 });
    expect(service?.positionOf(['metadata', 'name'])).to.deep.equal({ line: 19, column: 54 });
  });

  it('points at the nearest parent of a field that is not written', () => {
    const [route] = readObjects(manifest);
    expect(route?.positionOf(['spec', 'hostnames', 0])).to.deep.equal({ line: 9, column: 5 });
  });

  const object = (fields: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${fields}`;

  const many = (line: (index: string) => string): string =>
    Array.from({ length: 4000 }, (_, index) => line(String(index))).join('');

  for (const [what, text, place] of [
    ['YAML', 'a: [1\nb: 2\n', '2:1'],
    ['closed: a quote', 'a: b\nc: "d\ne:\n  f: 1\n\n', '2:4'],
    ['closed: a quote in brackets', "a: b\nc: [d, 'e\n  f: 1\n", '2:8'],
    ['closed: a bracket', 'a: b\nc: [{ d: e }\n\n', '2:12'],
    ['an object', '- a\n', '1:1'],
    ['a Kubernetes object', 'kind: List\nitems: []\n', '1:1'],
    ['rendered', 'apiVersion: v1\nname: {{ .Values.name }}\n', '2:8'],
    ['indented with spaces', 'a:\n\tb: 1\n', '2:1'],
    ['whole: an anchor is missing', object('data: *nowhere\n'), '4:7'],
    ['free of loops', object('data: &x { self: *x }\n'), '4:18'],
    ['free of loops in a List', '&r\napiVersion: v1\nkind: List\nitems: [*r]\n', '4:9'],
    ['quoted before a *', object('data:\n  host: *.example.com\n'), '5:9'],
    ['free of control characters', object('data: { a: "\u0007" }\n'), '4:13'],
    ['free of tabs in blank lines', object('data:\n  a: "b"\n\t\n'), '6:1'],
    ['free of tabs in blank lines after brackets', object('a: [\n\t\n ]\nb: [\n\t\n ]\n\t# c\n'), '10:1'],
    ['free of tabs after too few spaces', object('data:\n  a: b\n \t\n'), '6:1'],
    ['free of tabs after spaces and a quote', object('data:\n  a: "b"\n    \t\n'), '6:1'],
    ['free of tabs after spaces and a comment', object('data:\n  a: b # c\n    \t\n'), '6:1'],
    ['free of tabs after spaces and a key', object('data:\n  a:\n    \t\n  b: c\n'), '6:1'],
    ['free of directives', `%YAML 1.1\n---\n${object('')}`, '1:1'],
    ['free of text after ---', `${object('')}--- { apiVersion: v1, kind: A }\n`, '4:1'],
    ['free of anchors after ---', `--- &a\n${object('')}`, '1:1'],
    ['free of escapes of JSON', object('data: { a: "http:\\/\\/a.b" }\n'), '4:18'],
    ['free of halves of characters', object('data: { a: "\\ud83d\\ude00" }\n'), '4:13'],
    ['with a kind', 'apiVersion: v1\nkind: ""\n', '2:1'],
    ['with a group and a version', 'apiVersion: a/b/c\nkind: A\n', '1:1'],
    [
      'free of Lists in Lists',
      'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: List, items: [] }\n',
      '4:3',
    ],
    ['free of null keys', object('data: { ~: a }\n'), '4:9'],
    ['read to its end', `${object('')}...\n${object('')}`, '5:1'],
    ['a List with items', 'apiVersion: v1\nkind: List\n', '1:1'],
    ['with a text for kind', 'apiVersion: v1\nkind: 1\n', '2:1'],
    ['without nulls in lists', 'apiVersion: v1\nkind: List\nitems: [null]\n', '3:9'],
  ] as const) {
    it(`says where a file is not ${what}`, () => {
      expect(problemsOf(text)).to.deep.equal([`not-a-manifest ${place}`]);
    });
  }

  for (const [what, text] of [
    ['that is none', '- a\n'],
    ['with a control character', object('data: { a: "\u0007" }\n')],
  ] as const) {
    it(`goes on before and after a document ${what}`, () => {
      expect(readObjects(`${object('')}---\n${text}---\n${object('')}`).length).to.equal(2);
    });
  }

  it('takes such brackets beside a text in a list', () => {
    const text = object('data:\n- script: |\n    [ {\n  ports: [\n  1 ]\n- |\n  [ {\n- [\n1 ]\n');
    expect(problemsOf(text)).to.deep.equal([]);
    const [read] = readObjects(text);
    expect(read?.object).to.have.deep.property('data', [{ script: '[ {\n', ports: [1] }, '[ {\n', [1]]);
    expect(read?.positionOf(['data', 0, 'ports', 0])).to.deep.equal({ line: 8, column: 3 });
  });

  it('takes brackets and quotes that are not deeper than their key, as kubectl does, and knows where they stand', () => {
    const flow = [
      'spec:',
      '  ports: [{',
      '  name: http,',
      'port: 80',
      '}, { name: "a',
      ' b", port: 81 }]',
      '  note: "c',
      '# d"',
      '  script: |',
      '    [ {',
      '    "',
      '',
    ].join('\n');
    const manifests = `${object('')}---\n${object(flow)}---\n${object('data: [\n1\n]\n')}`;
    const { objects, problems } = readManifest(manifests, 'x.yaml');
    expect(problems).to.deep.equal([]);
    const [, map, list] = objects;
    const { spec } = map?.object as { spec?: unknown };
    const ports = [
      { name: 'http', port: 80 },
      { name: 'a b', port: 81 },
    ];
    expect(spec).to.deep.equal({ ports, note: 'c # d', script: '[ {\n"\n' });
    expect(map?.positionOf(['spec', 'ports', 0, 'port'])).to.deep.equal({ line: 11, column: 1 });
    expect(map?.positionOf(['spec', 'ports', 1, 'name'])).to.deep.equal({ line: 12, column: 6 });
    expect(list?.positionOf(['data', 0])).to.deep.equal({ line: 24, column: 1 });
  });

  it('says of a template after --- that it is to be rendered', () => {
    const [problem] = readManifest('--- {{ if .a }}\n', 'x.yaml').problems;
    expect(problem?.fix).to.contain('render it');
  });

  it('takes nothing for a template because another document is one', () => {
    const [problem] = readManifest(`a: [1\n---\na: {{ .b }}\n`, 'x.yaml').problems;
    expect(problem?.fix).to.contain('mend the text');
  });

  for (const password of ['*S3cretPass!', '|S3cretPass', '>S3cretPass', '"\\S3cretPass"', '!S3cretPass! a'])
    it(`shows nothing of a Secret: ${password}`, () => {
      const { problems } = readManifest(`apiVersion: v1\nkind: Secret\nstringData:\n  a: ${password}\n`, 'x');
      expect(problems.map(({ rule }) => rule)).to.deep.equal(['not-a-manifest']);
      expect(JSON.stringify(problems)).not.to.contain('S3');
    });

  it('tells of keys that are written twice, and takes the last', () => {
    const text = object('data: { a: b }\ndata: { a: c }\n');
    expect(problemsOf(text)).to.deep.equal(['key-written-twice 5:1']);
    expect(readObjects(text)[0]).to.have.nested.property('object.data.a', 'c');
  });

  it('reads scalars as Go does', () => {
    const text =
      'data: { a: yes, b: 2024-01-01, c: 1:30, d: 0x10, e: 010, f: 0o10, g: 9_000, h: !!binary aGk= }\n';
    expect(readObjects(object(text))[0]?.object).to.have.deep.property('data', {
      a: true,
      b: '2024-01-01',
      c: '1:30',
      d: 16,
      e: 8,
      f: 8,
      g: 9000,
      h: 'aGk=',
    });
  });

  for (const [text, value] of [
    ['123e456', '123e456'],
    ['1E400', '1E400'],
    ['.e5', '.e5'],
    ['1e5', 100000],
    ['1.2e+3', 1200],
    ['1e1_0', 1e10],
    ['1_0.5', 10.5],
    ['-.5_0', -0.5],
    ['0X1', 1],
    ['-0x_1f', -31],
    ['0B1', 1],
    ['0_b1', 1],
    ['0O7', 7],
    ['08', 8],
    ['0xabcdef0123456789abcdef', '0xabcdef0123456789abcdef'],
    ['1.2.3', '1.2.3'],
    ['-a', '-a'],
  ] as const)
    it(`reads ${text} as Go does`, () => {
      expect(readObjects(object(`data: { a: ${text} }\n`))[0]?.object).to.have.nested.property(
        'data.a',
        value,
      );
    });

  it('follows merge keys and aliases to where a field is written', () => {
    const [merged] = readObjects(object('one: &x { a: 1, b: 2 }\ntwo: { <<: *x, b: 3 }\nred: *x\n'));
    expect(merged?.object).to.have.deep.property('two', { a: 1, b: 3 });
    expect(merged?.positionOf(['two', 'a'])).to.deep.equal({ line: 4, column: 11 });
    expect(merged?.positionOf(['two', 'b'])).to.deep.equal({ line: 5, column: 16 });
    expect(merged?.positionOf(['red', 'b'])).to.deep.equal({ line: 4, column: 17 });
  });

  for (const [what, text] of [
    ['tabs in brackets and before comments', object('data: { a: b,\n\t\n c: d } \t# f\n')],
    ['tabs after spaces in a blank line', object('data:\n  a: b\n   \t\n  c: d\n    \t# e\n')],
    ['a blank line with a tab between two texts', 'apiVersion: v1\n \t\nkind: A\n'],
    ['a tab within a text of several lines', object('data:\n  a: b\n   \t\n    c\n  d: |\n    e\n    \t\n')],
    ['a List with nothing in it', 'apiVersion: v1\nkind: List\nitems:\n'],
    ['a comment after ---', `--- # a\n${object('')}`],
    ['escapes of JSON in JSON', '{"apiVersion": "v1", "kind": "A", "s": "\\/\\ud83d\\ude00"}'],
    ['backslashes and escapes', object('data: { a: "\\\\/ \\ue000 \\U0001f600", b: \'\\/\' }\n')],
    ['any character in JSON', '{"apiVersion": "v1", "kind": "A", "s": "\u007f\u0080\uffff"}'],
    ['an alias many times', object(`data:\n  a: &x b\n${many((index) => `  c${index}: *x\n`)}`)],
  ] as const) {
    it(`takes ${what}, as kubectl does`, () => {
      expect(problemsOf(text)).to.deep.equal([]);
    });
  }

  it('gives the items of a list of a kind the kind', () => {
    const [item] = readObjects('apiVersion: v1\nkind: ConfigMapList\nitems: [{ metadata: { name: a } }]\n');
    expect(item?.object).to.deep.include({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  for (const [file, text] of [
    ['kustomization.yaml', 'resources: [shop.yaml]\n'],
    ['x.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'],
  ] as const) {
    it(`says that a Kustomization is to be rendered (${file})`, () => {
      const { objects, problems } = readManifest(text, file);
      expect(objects).to.deep.equal([]);
      expect(problems.map(({ rule }) => rule)).to.deep.equal(['kustomization']);
    });
  }

  it('reads a Kustomization of Flux, and what stands beside it, as objects', () => {
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n---\n${object('')}`;
    const { objects, problems } = readManifest(text, 'kustomization.yaml');
    expect([objects.length, problems]).to.deep.equal([2, []]);
  });

  it('reads files that were joined, each with its byte order mark', () => {
    const text = `\uFEFF${object('')}---\n\uFEFF${object('')}`;
    expect([readObjects(text).length, problemsOf(text)]).to.deep.equal([2, []]);
  });

  it('reads JSON values one after the other', () => {
    const [one, two] = readObjects(
      '{"apiVersion": "v1", "kind": "A", "s": "}{"}\n {"apiVersion": "v1", "kind": "B"}\n',
    );
    expect([one?.object.kind, two?.object.kind]).to.deep.equal(['A', 'B']);
    expect(two?.positionOf(['kind'])).to.deep.equal({ line: 2, column: 23 });
  });

  for (const [what, change] of [
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR', (text: string) => text.replaceAll('\n', '\r')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['empty documents and comments', (text: string) => `---\n# none\n---\n${text}---\n`],
  ] as const) {
    it(`reads a file with ${what}`, () => {
      expect(readObjects(change(object('data: {}\n'))).map(({ object: read }) => read.kind)).to.deep.equal([
        'ConfigMap',
      ]);
      expect(problemsOf(change(object('')))).to.deep.equal([]);
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
