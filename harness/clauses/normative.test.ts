import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { crdDir } from '../../common/tools.ts';
import { clausesDir, readClauses, readYaml } from './clause.ts';
import { normativeStatements, type Statement } from './normative.ts';

/** Field, fingerprint, and the clauses that stand for the statement or why none does. */
type Mapping = Record<string, Record<string, string[] | string>>;

const crd = (description: string, rule: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  names:
    kind: GRPCRoute
  versions:
    - storage: true
      schema:
        openAPIV3Schema:
          properties:
            spec:
              description: ${JSON.stringify(description)}
              x-kubernetes-validations:
                - rule: ${rule}
                  message: too many
`;

function statementsOf(description: string, rule = 'self.a < 3'): ReturnType<typeof normativeStatements> {
  const dir = mkdtempSync(join(tmpdir(), 'crds-'));
  writeFileSync(join(dir, 'route.yaml'), crd(description, rule));
  try {
    return normativeStatements(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe('normative statements of CRDs', () => {
  it('are sentences with a word of obligation, and CEL rules', () => {
    const found = statementsOf(
      'A hostname.\n\nIt MUST be short. It is nice.\n\n* It SHOULD\n  be new, e.g. today.',
    );
    expect(found.map(({ path, sort, text }) => [path, sort, text])).to.deep.equal([
      ['GRPCRoute.spec', 'sentence', 'It MUST be short.'],
      ['GRPCRoute.spec', 'sentence', '* It SHOULD be new, e.g. today.'],
      ['GRPCRoute.spec', 'rule', 'too many [self.a < 3]'],
    ]);
  });

  it('keep their fingerprint when lines are broken anew, and change it with their words', () => {
    const [before] = statementsOf('It MUST be short.');
    const [rewrapped] = statementsOf('It MUST\nbe short.');
    const [reworded] = statementsOf('It SHOULD be short.');
    expect(rewrapped?.fingerprint).to.equal(before?.fingerprint);
    expect(reworded?.fingerprint).not.to.equal(before?.fingerprint);
    const rules = ['self.a < 3', 'self.a < 4'].map((rule) => statementsOf('', rule)[0]?.fingerprint);
    expect(rules[0]).not.to.equal(rules[1]);
  });
});

/** What a release adds to those before it, or words anew, has a file of its own. */
const files: Record<OfficialRelease, string[]> = {
  'v1.6.3': ['normative.yaml'],
  'v1.7.0': ['normative.yaml', 'normative-v1.7.0.yaml'],
};

function mappingOf(release: OfficialRelease): Mapping {
  const all: Mapping = {};
  for (const file of files[release]) {
    for (const [path, lines] of Object.entries(readYaml(join(clausesDir, file)) as Mapping))
      all[path] = { ...all[path], ...lines };
  }
  return all;
}

/** The CRDs of v1.7.0 are there once its official suite has been set up; those of the first release always. */
function statementsIn(release: OfficialRelease): Statement[] | undefined {
  try {
    return normativeStatements(crdDir('standard', release));
  } catch (error) {
    if (release === officialReleases[0]) throw error;
    return undefined;
  }
}

for (const release of officialReleases) {
  const statements = statementsIn(release);
  if (statements !== undefined) comparedWith(release, statements);
}

function comparedWith(release: OfficialRelease, statements: Statement[]): void {
  describe(`clauses and the CRDs of ${release}`, () => {
    const mapping = mappingOf(release);

    it('every normative statement of the standard channel has clauses, or a reason why it has none', () => {
      const without = statements.filter(
        ({ path, fingerprint }) => mapping[path]?.[fingerprint] === undefined,
      );
      const lines = without.map(({ path, fingerprint, text }) => `${path} "${fingerprint}": ${text}`);
      expect(lines, `new in this release, to be added to suites/clauses/normative.yaml:\n${lines.join('\n')}`)
        .to.be.empty;
    });

    it('no line is left over of a statement that has gone', () => {
      const present = new Set(statements.map(({ fingerprint }) => fingerprint));
      const newest = readYaml(join(clausesDir, files[release].at(-1) ?? '')) as Mapping;
      const lines = Object.values(newest).flatMap((entries) => Object.keys(entries));
      expect(lines.filter((fingerprint) => !present.has(fingerprint))).to.deep.equal([]);
    });

    it('names clauses that exist', () => {
      const known = new Set(readClauses().map(({ id }) => id));
      const named = Object.values(mapping).flatMap((entries) => Object.values(entries));
      for (const clauses of named) {
        if (typeof clauses === 'string') expect(clauses.length).to.be.above(20);
        else expect([...known]).to.include.members(clauses);
      }
    });
  });
}
