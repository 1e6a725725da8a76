import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../common/tools.ts';

const route = `apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: shop }
spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: shop, port: 9000 }] }] }
`;

describe('routeproof lint', () => {
  let dir: string;

  const lint = async (args: string[], input: string | Uint8Array = '') => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [join(projectRoot, 'cli/main.ts'), 'lint', ...args],
      { reject: false, cwd: dir, input },
    );
    return { exitCode, out: stdout, err: stderr };
  };
  const objectsOf = async (args: string[], input?: string | Uint8Array): Promise<number> => {
    const { out } = await lint([...args, '--json'], input);
    return (JSON.parse(out) as { objects: number }).objects;
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-lint-'));
    await mkdir(join(dir, 'within/deep'), { recursive: true });
    await writeFile(join(dir, 'one.yaml'), route);
    await writeFile(join(dir, 'bad.yaml'), route.replace('9000', '"9000"'));
    await mkdir(join(dir, 'base'));
    await writeFile(join(dir, 'base/kustomization.yaml'), 'resources: [../one.yaml]\n');
    await writeFile(join(dir, 'empty.yaml'), '---\n# nothing\n');
    await writeFile(join(dir, 'within/two.yml'), route.replace('name: shop', 'name: two'));
    await writeFile(join(dir, 'within/deep/three.json'), '{"apiVersion":"v1","kind":"A","metadata":{}}');
    await symlink('../one.yaml', join(dir, 'within/link.yaml'));
  });

  after(() => rm(dir, { recursive: true }));

  it('takes files as kubectl does: -f, lists, patterns, directories, standard input', async () => {
    expect(await objectsOf(['-f', 'one.yaml', '--filename', 'bad.yaml'])).to.equal(2);
    expect(await objectsOf(['-f', 'one.yaml,bad.yaml'])).to.equal(2);
    expect(await objectsOf(['*.yaml'])).to.equal(2);
    expect(await objectsOf(['within'])).to.equal(2);
    expect(await objectsOf(['within', '-R'])).to.equal(3);
    expect(await objectsOf(['-'], route)).to.equal(1);
  });

  it('reads a file once, however often it is named', async () => {
    expect(await objectsOf(['one.yaml', './one.yaml', 'within/link.yaml'])).to.equal(1);
  });

  it('reads UTF-16 of both orders', async () => {
    const bytes = Buffer.from(`\uFEFF${route}`, 'utf16le');
    expect(await objectsOf(['-'], bytes)).to.equal(1);
    expect(await objectsOf(['-'], bytes.swap16())).to.equal(1);
  });

  it('ends with 1 where there is an error, and with 0 where there is none', async () => {
    expect((await lint(['one.yaml'])).exitCode).to.equal(0);
    expect((await lint(['bad.yaml', '-n', 'shop'])).exitCode).to.equal(1);
  });

  it('ends with 2 where nothing is judged, and says why', async () => {
    const { exitCode, out, err } = await lint(['base']);
    expect([exitCode, out.includes('[kustomization]')]).to.deep.equal([2, true]);
    expect(err).to.contain('there is no object');
  });

  for (const [what, args, words] of [
    ['no file is named', [], 'no manifest is named'],
    ['a name is empty', ['-f', 'one.yaml,'], 'the name of a file is empty'],
    ['the output is chosen twice', ['one.yaml', '--json', '-o', 'sarif'], 'cannot be used with'],
    ['a file is not there', ['none.yaml'], 'none.yaml'],
    ['a file is to be fetched', ['https://example.com/x.yaml'], 'curl -fsSL https://example.com/x.yaml'],
    ['there is no object', ['empty.yaml'], 'there is no object'],
  ] as const) {
    it(`ends with 2 where ${what}`, async () => {
      const { exitCode, out, err } = await lint([...args]);
      expect([exitCode, out]).to.deep.equal([2, '']);
      expect(err).to.contain(words);
    });
  }
});
