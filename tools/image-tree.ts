/**
 * Copies what one program needs, and nothing else, to a directory of its own, each file at the place that it has here: for container
 * images. Packages are copied whole, because some read files of their own.
 *
 * Usage: node tools/image-tree.ts gateway|echo-server|load-balancer DIRECTORY
 */
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../common/tools.ts';

/** Its entry point, and what it finds otherwise than by importing it. */
const programs: Record<string, { entry: string; files: string[] }> = {
  gateway: { entry: 'gateway/main.ts', files: ['node_modules/@grpc/grpc-js-xds'] },
  'echo-server': {
    entry: 'echo-server/main.ts',
    files: [
      'echo-server/proto',
      'node_modules/@grpc/reflection',
      'node_modules/grpc-health-check',
      // Reflection asks for it with the first call.
      'node_modules/protobufjs',
    ],
  },
  'load-balancer': { entry: 'clusters/node-container/load-balancer/main.ts', files: [] },
};

const [name = '', target = ''] = process.argv.slice(2);
const program = programs[name];
if (program === undefined || target === '') {
  process.stderr.write(`usage: node tools/image-tree.ts ${Object.keys(programs).join('|')} DIRECTORY\n`);
  process.exit(2);
}

/** All files that the program imports, from here on. */
const { metafile } = await build({
  absWorkingDir: projectRoot,
  entryPoints: [program.entry],
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  outdir: target,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});

/** `node_modules/@scope/name` of a file in it, of the innermost package. */
function packageOf(path: string): string | undefined {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

const paths = new Set(Object.keys(metafile.inputs).map((path) => packageOf(path) ?? path));
for (const path of ['package.json', ...program.files, ...paths]) {
  if (!existsSync(join(projectRoot, path))) throw new Error(`${path} is not there: npm ci first`);
  const to = join(target, path);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(projectRoot, path), to, { recursive: true });
}
process.stderr.write(`image-tree: ${paths.size} files and packages\n`);
