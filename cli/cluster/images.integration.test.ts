import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { podmanSettings } from '../../common/podman-settings.ts';
import { projectRoot } from '../../common/tools.ts';
import { version } from '../../common/version.ts';

const folder = join(projectRoot, 'deploy/images');
const base = `localhost/routeproof-test/node:${process.pid}`;
const podman = (...args: string[]) =>
  execa('podman', args, { cwd: projectRoot, env: podmanSettings(process.env), reject: false });

/** Without a registry: the base is made of this machine's Node.js, and what the build stage would make is made here. */
describe('the images of deploy/images', function () {
  this.timeout(300_000);
  let dir: string;

  before(async function () {
    dir = mkdtempSync(join(tmpdir(), 'rp-images-'));
    const { failed } = await podman('--version');
    // Not run, rather than passed: there is nothing to build images with.
    if (failed) this.skip();
    await makeBase(join(dir, 'base'));
  });
  after(async () => {
    await podman('rmi', '--force', base, ...['gateway', 'echo-server', 'harness'].map(imageOf));
    rmSync(dir, { recursive: true, force: true });
  });

  it('come from bases that are pinned by digest', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.Dockerfile'));
    expect(files).to.have.length(4);
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const froms = [...text.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from);
      expect(froms, file).to.deep.equal(['${BUILD_IMAGE}', 'scratch', '${RUNTIME_IMAGE}']);
      for (const name of ['BUILD_IMAGE', 'RUNTIME_IMAGE'])
        expect(text, file).to.match(new RegExp(`^ARG ${name}=\\S+:\\S+@sha256:[0-9a-f]{64}$`, 'm'));
    }
  });

  it('have an echo server that serves, and nothing that it does not need', async () => {
    const tree = await treeOf('echo-server');
    const { stdout } = await built('echo-server', tree, '--env=ECHO_PORTS=0', '--check');
    expect(stdout).to.match(/serving h2c on \d+: echo.Echo/);
    const packages = readdirSync(join(tree, 'node_modules'));
    expect(packages).to.include.members(['@grpc', 'protobufjs']).and.not.include.members(['echarts']);
    expect(readdirSync(tree)).to.have.members(['common', 'echo-server', 'node_modules', 'package.json']);
  });

  it('have a controller that looks for its API server', async () => {
    const { exitCode, stdout } = await built('gateway', await treeOf('gateway'));
    expect(exitCode).to.equal(1);
    expect(stdout).to.include('API_UNREACHABLE');
  });

  it('have a harness that knows its clauses', async () => {
    const { stdout } = await built('harness', await harnessTree(), 'clauses');
    const here = await execa(join(projectRoot, 'bin/routeproof'), ['clauses'], { env: { NO_COLOR: '1' } });
    expect(stdout).to.equal(here.stdout);
  });

  /** What the build stage of the Dockerfile makes. */
  async function treeOf(name: string): Promise<string> {
    const tree = join(dir, name);
    await execa(process.execPath, [join(projectRoot, 'tools/image-tree.ts'), name, tree]);
    return tree;
  }

  async function harnessTree(): Promise<string> {
    const tree = join(dir, 'harness');
    mkdirSync(tree);
    await execa('npm', ['pack', '--pack-destination', dir], { cwd: projectRoot });
    writeFileSync(join(tree, 'package.json'), '{ "private": true, "type": "module" }');
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
    await execa('npm', ['install', ...options, join(dir, `routeproof-${version}.tgz`)], { cwd: tree });
    renameSync(join(tree, 'node_modules/routeproof/dist'), join(tree, 'dist'));
    return tree;
  }

  /** Builds the image and runs it as Kubernetes would: no privileges, no writable file system, no network. */
  async function built(name: string, tree: string, ...args: string[]) {
    const image = imageOf(name);
    const file = join(folder, `${name}.Dockerfile`);
    const of = ['--build-context', `tree=${tree}`, '--build-arg', `RUNTIME_IMAGE=${base}`, '-f', file];
    const made = await podman('build', ...of, '-t', image, projectRoot);
    expect(made.exitCode, made.stderr).to.equal(0);
    const { stdout: user } = await podman('image', 'inspect', '--format', '{{.Config.User}}', image);
    expect(user).to.equal('65532:65532');
    const options = args.filter((arg) => arg.startsWith('--env='));
    const rest = args.filter((arg) => !options.includes(arg));
    const narrow = ['--read-only', '--cap-drop=all', '--network=none', '--security-opt=no-new-privileges'];
    return podman('run', '--rm', ...narrow, ...options, image, ...rest);
  }

  /** An image of Node.js and the libraries that it is linked with. */
  async function makeBase(root: string): Promise<void> {
    const node = join(root, 'nodejs/bin/node');
    mkdirSync(dirname(node), { recursive: true });
    mkdirSync(join(root, 'tmp'));
    copyFileSync(process.execPath, node);
    const { stdout } = await execa('ldd', [process.execPath]);
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      mkdirSync(dirname(join(root, library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
    const tar = join(dir, 'base.tar');
    await execa('tar', ['-C', root, '-cf', tar, '.']);
    const { exitCode, stderr } = await podman('import', tar, base);
    expect(exitCode, stderr).to.equal(0);
  }
});

function imageOf(name: string): string {
  return `localhost/routeproof-test/${name}:${process.pid}`;
}
