import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../../../common/errors.ts';
import { projectRoot } from '../../../common/tools.ts';
import { bundledImagesFile, ImageTable, loadImageTable, parseImageFile } from './image-table.ts';

const placeholders = {
  node: '/opt/node/bin/node',
  checkout: '/src/rp',
  cache: '/cache/rp',
  tool: (name: string) => `/tools/${name}`,
  dir: (name: string) => `/cache/rp/${name}-1`,
};

function tableOf(...files: string[]): ImageTable {
  const table = new ImageTable(placeholders);
  files.forEach((text, index) => table.add(parseImageFile(text, `${index}.yaml`), `${index}.yaml`));
  return table;
}

function problemsOf(text: string): string {
  try {
    parseImageFile(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof RouteproofError) return error.seen ?? '';
    throw error;
  }
  return '';
}

describe('ImageTable', () => {
  it('fills placeholders in, and mounts what they stand for', () => {
    const table = tableOf(
      'images: {a/b:v1: {command: ["{node}", "{checkout}/x.ts"], mounts: [/data], env: {T: "{tool:envoy}"}}}',
    );
    expect(table.find('docker.io/a/b:v1')).to.deep.equal({
      command: ['/opt/node/bin/node', '/src/rp/x.ts'],
      args: [],
      env: { T: '/tools/envoy' },
      mounts: ['/opt/node/bin/node', '/src/rp', '/tools/envoy', '/data'],
      programs: {},
      workingDir: '/',
      binDirs: ['/opt/node/bin', '/tools'],
    });
  });

  it('mounts the directory of a tool, and looks for no binaries there', () => {
    const image = tableOf('images: {a: {command: [run], env: {T: "{dir:envoy}/chart/x.json"}}}').find('a');
    expect(image?.env).to.deep.equal({ T: '/cache/rp/envoy-1/chart/x.json' });
    expect(image?.mounts).to.deep.equal(['/cache/rp/envoy-1']);
    expect(image?.binDirs).to.deep.equal([]);
  });

  it('takes an entry for every tag only where there is none for the tag itself', () => {
    const table = tableOf('images: {a/b:*: {command: [any]}, a/b:v1: {command: [one]}}');
    expect(table.find('a/b:v1')?.command).to.deep.equal(['one']);
    expect(table.find('a/b:v2')?.command).to.deep.equal(['any']);
    expect(table.find('a/c:v1')).to.equal(undefined);
  });

  it('lets the file that was added later win', () => {
    const table = tableOf('images: {a/b:v1: {command: [bundled]}}', 'images: {a/b:v1: {command: [mine]}}');
    expect(table.find('a/b:v1')?.command).to.deep.equal(['mine']);
    expect(table.files).to.deep.equal(['0.yaml', '1.yaml']);
  });

  it('reads the files of a list after the bundled one, official ones among them', () => {
    const dir = mkdtempSync(join(tmpdir(), 'rp-images-'));
    const own = join(dir, 'own.yaml');
    writeFileSync(own, 'images: { "gcr.io/k8s-staging-gateway-api/echo-basic:*": { command: [mine] } }');
    const official = join(projectRoot, 'harness', 'official', 'images.yaml');
    const table = loadImageTable([official, own].join(delimiter));
    rmSync(dir, { recursive: true });
    expect(table.files).to.deep.equal([bundledImagesFile, official, own]);
    expect(table.find('gcr.io/k8s-staging-gateway-api/echo-basic:v1')?.command).to.deep.equal(['mine']);
  });

  it('has all images of the official base manifests in the bundled file: a cluster may have been started for something else', () => {
    const table = loadImageTable('');
    const official = join(projectRoot, 'harness', 'official', 'images.yaml');
    for (const image of Object.keys(parseImageFile(readFileSync(official, 'utf8'), official)))
      expect(table.find(image), image).not.to.equal(undefined);
    expect(table.find('registry.k8s.io/coredns/coredns:v1.12.2')?.env).to.include({
      ECHO_MODE: 'dns-whoami',
    });
  });

  it('has a valid bundled file', () => {
    const entries = parseImageFile(readFileSync(bundledImagesFile, 'utf8'), bundledImagesFile);
    expect(entries).to.include.keys('docker.io/routeproof/gateway:*', 'docker.io/envoyproxy/envoy:v1.40.0');
  });
});

describe('parseImageFile', () => {
  it('names every problem with its path', () => {
    const text =
      'images: {a: {command: [], mount: [/x]}, b: {command: ["{nod}"], env: {A: 1}}, c: x}\nother: 1';
    const problems = problemsOf(text).split('; ');
    expect(problems).to.deep.equal([
      'other: unknown key (known: images)',
      'images["a"].mount: unknown key (known: command, args, env, mounts, programs, workingDir)',
      'images["a"].command: must name what to run',
      'images["b"].command: unknown placeholder {nod}',
      'images["b"].env: must be a map of strings',
      'images["c"]: must be a map',
    ]);
  });

  it('says what is wrong with a file that is no YAML', () => {
    expect(problemsOf('images: [')).to.not.equal('');
    expect(problemsOf('[]')).to.contain('images: must be a map');
  });
});
