import { createHash } from 'node:crypto';
import { cp, glob, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { cacheDir, projectRoot } from '../../common/tools.ts';
import { stringify } from 'yaml';
import type { Mutant } from './mutant.ts';

/** Read by the code that the instrumenter writes. */
export const activeMutantVariable = '__STRYKER_ACTIVE_MUTANT__';

const written = /^gateway\/(?!(faults|mutants|replay)\/).*(?<!\.(test|bench|fixture|d))\.ts$/;
/** Messages and their like: nothing that a scenario judges. */
const uninteresting = ['StringLiteral', 'Regex'];

const mutantsFile = 'mutants.json';
const imagesFile = 'images.yaml';
/** Beside the gateway's folders, code that looks for the project's root from its own place finds `dir`. */
const entries = {
  'gateway/main.mjs': 'gateway/mutants/main.ts',
  'gateway/replay.mjs': 'gateway/mutants/replay.ts',
};

export interface SourceTree {
  /** Stands for the instrumented gateway; which mutant is active says `activeMutantVariable`. Of other sources it is another one. */
  image: string;
  /** For ROUTEPROOF_IMAGES. */
  imagesFile: string;
  /** A program: see gateway/mutants/replay.ts. */
  replayFile: string;
  mutants: readonly Mutant[];
}

/**
 * The bundled gateway's source with all its mutants in it, each behind a switch, in the cache; made anew when a source has changed.
 *
 * @throws RouteproofError USAGE - there is no source to edit: not a checkout
 */
export async function sourceTree(): Promise<SourceTree> {
  const { instrumenter, release } = await loadInstrumenter();
  const sources = await gatewaySources();
  const hash = createHash('sha256')
    .update(release)
    .update(await readFile(import.meta.filename));
  for (const { name, content } of [
    ...sources,
    ...(await sourcesIn('gateway/{mutants,replay}/*.ts')),
    ...(await sourcesIn('common/*.ts')),
  ])
    hash.update(`${name}\0${content}\0`);
  const digest = hash.digest('hex').slice(0, 12);
  const dir = join(cacheDir(), `mutants-${digest}`);
  const image = `docker.io/routeproof/gateway-mutants:${digest}`;
  if (!existsSync(dir)) await write(dir, image, await instrumented(instrumenter, sources));
  const mutants = JSON.parse(await readFile(join(dir, mutantsFile), 'utf8')) as Mutant[];
  return { image, imagesFile: join(dir, imagesFile), replayFile: join(dir, 'gateway/replay.mjs'), mutants };
}

interface Source {
  name: string;
  content: string;
}

interface Instrumented {
  files: readonly Source[];
  mutants: readonly Mutant[];
}

/** @param sources - paths from the project's root, which the mutants name */
export async function instrumented(
  instrumenter: Instrumenter,
  sources: readonly Source[],
): Promise<Instrumented> {
  const result = await instrumenter.instrument(
    sources.map((source) => ({ ...source, mutate: true })),
    { plugins: null, excludedMutations: uninteresting, ignorers: [] },
  );
  const contentOf = new Map(sources.map(({ name, content }) => [name, content.split('\n')]));
  const mutants = result.mutants
    .filter(({ status, mutatorName }) => status === undefined && !uninteresting.includes(mutatorName))
    .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: start.line + 1,
      column: start.column + 1,
      mutator: mutatorName,
      original: between(contentOf.get(fileName) ?? [], start, end),
      replacement,
    }));
  return { files: result.files, mutants };
}

/** A development dependency of the project. @throws RouteproofError USAGE */
export async function loadInstrumenter(): Promise<{ instrumenter: Instrumenter; release: string }> {
  try {
    const { Instrumenter: Made } = await import('@stryker-mutator/instrumenter');
    const said = await readFile(
      join(projectRoot, 'node_modules/@stryker-mutator/instrumenter/package.json'),
      'utf8',
    );
    return { instrumenter: new Made(quiet), release: (JSON.parse(said) as { version: string }).version };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'ENOENT') throw error;
    throw new RouteproofError('USAGE', 'the instrumenter of mutants is not here', {
      seen: messageOf(error),
      hint: 'mutants are made of the source: run it in a checkout, after `make setup`',
    });
  }
}

const nothing = (): void => undefined;
const no = (): boolean => false;
const quiet = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};

async function gatewaySources(): Promise<Source[]> {
  return (await sourcesIn('gateway/**/*.ts')).filter(({ name }) => written.test(name));
}

async function sourcesIn(pattern: string): Promise<Source[]> {
  const names: string[] = [];
  for await (const name of glob(pattern, { cwd: projectRoot })) names.push(name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, content: await readFile(join(projectRoot, name), 'utf8') })),
  );
}

interface Place {
  line: number;
  column: number;
}

function between(lines: readonly string[], start: Place, end: Place): string {
  const within = lines.slice(start.line, end.line + 1);
  const last = within.length - 1;
  return within
    .map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined))
    .join('\n');
}

/** Complete or not at all. */
async function write(dir: string, image: string, made: Instrumented): Promise<void> {
  const draft = `${dir}.${process.pid}`;
  try {
    await fill(draft, { ...made, images: imagesOf(dir, image) });
    // Somebody else may have been faster: what is there by now is the same.
    if (!existsSync(dir)) await rename(draft, dir);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function fill(
  draft: string,
  { files, mutants, images }: Instrumented & { images: unknown },
): Promise<void> {
  await mkdir(draft, { recursive: true });
  await cp(join(projectRoot, 'common'), join(draft, 'common'), { recursive: true });
  for (const folder of ['gateway/mutants', 'gateway/replay'])
    await cp(join(projectRoot, folder), join(draft, folder), { recursive: true });
  await cp(join(projectRoot, 'package.json'), join(draft, 'package.json'));
  await symlink(join(projectRoot, 'node_modules'), join(draft, 'node_modules'));
  for (const { name, content } of files) {
    await mkdir(dirname(join(draft, name)), { recursive: true });
    await writeFile(join(draft, name), content);
  }
  for (const [bundle, entry] of Object.entries(entries))
    await build({
      entryPoints: [join(draft, entry)],
      outfile: join(draft, bundle),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node22',
      logLevel: 'error',
    });
  await writeFile(join(draft, mutantsFile), JSON.stringify(mutants));
  await writeFile(join(draft, imagesFile), stringify(images));
}

function imagesOf(dir: string, image: string): unknown {
  return {
    images: {
      [image]: {
        command: ['{node}', join(dir, 'gateway/main.mjs')],
        mounts: [dir, join(projectRoot, 'node_modules')],
      },
    },
  };
}
