import { glob, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { given } from '../../common/given.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { version } from '../../common/version.ts';
import { asJson, asSarif, asText } from '../../harness/lint/formats.ts';
import type { Channel } from '../../common/official-releases.ts';
import type { LintInput } from '../../harness/lint/lint.ts';
import { channelOption } from './command.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import { lintProfiles, type LintProfile } from '../../harness/lint/profiles.ts';

interface LintFlags {
  profile: LintProfile;
  namespace?: string;
  gatewayApiVersion: OfficialRelease;
  channel: Channel;
  recursive?: true;
  filename?: string[];
  output: 'text' | 'json' | 'sarif';
  json?: true;
}

export function addLint(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('lint')
    .description('say offline which manifests would not work, with the line and how to change it')
    .argument(
      '[files...]',
      'manifests as `kubectl apply -f` takes them: files, directories, patterns, - for standard input',
    )
    .option(
      '-f, --filename <files>',
      'the same, as kubectl writes it; may be repeated',
      (files: string, before?: string[]) => [...(before ?? []), ...files.split(',')],
    )
    .option(
      '--profile <profile>',
      `where they have to work: ${lintProfiles.join(', ')} (docs/profiles.md)`,
      'standard',
    )
    .option('-n, --namespace <name>', 'of objects and references that name none; default: default')
    .option('-R, --recursive', 'look into directories within directories')
    .addOption(
      new Option('--gateway-api-version <release>', 'release of Gateway API whose schemas and clauses count')
        .choices(officialReleases)
        .default(officialReleases[0]),
    )
    .addOption(channelOption().default('standard'))
    .addOption(
      new Option('-o, --output <format>', 'how findings are printed')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addOption(new Option('--json', 'the same as -o json').conflicts('output'))
    .addHelpText(
      'after',
      '\nExit code 1 when there is an error; warnings and notes are none. 2 when a file cannot be read, or there is no object.',
    )
    .action(async (files: string[], flags: LintFlags) => {
      mustBeKnown('USAGE', 'profile', flags.profile, lintProfiles);
      const paths = [...files, ...(flags.filename ?? [])];
      if (paths.length === 0)
        throw new RouteproofError('USAGE', 'no manifest is named', {
          hint: 'name files, directories or - for standard input',
        });
      if (paths.includes(''))
        throw new RouteproofError('USAGE', 'the name of a file is empty', {
          object: '-f',
          hint: 'write commas between names only, and look whether a variable is empty',
        });
      const inputs = await Promise.all((await filesOf(paths, flags.recursive === true)).map(readInput));
      const { profile, namespace, gatewayApiVersion: release, channel } = flags;
      const { lint } = await import('../../harness/lint/lint.ts');
      const result = lint(inputs, {
        profile,
        release,
        channel,
        ...given({ namespace }),
      });
      const written = {
        text: () => asText(result, profile),
        json: () => asJson(result, profile),
        sarif: () => asSarif(result, version),
      };
      const isWrong = result.findings.some(({ level }) => level === 'error');
      const isNothing = result.objects === 0 && !isWrong;
      if (!isNothing || result.findings.length > 0)
        process.stdout.write(written[flags.json ? 'json' : flags.output]());
      if (isNothing)
        throw new RouteproofError('INVALID_INPUT', 'there is no object in these files', {
          object: paths.join(' '),
          hint: 'name files with manifests; of a directory those that end in .yaml, .yml or .json are read, and with -R those of its directories',
        });
      finish(isWrong ? 1 : 0);
    });
}

/** Directories give their manifests by the endings that kubectl takes, in the order of their names. Each file is there once. */
async function filesOf(paths: string[], recursive: boolean): Promise<string[]> {
  const found = await Promise.all((await Promise.all(paths.map(expand))).flat().map(within(recursive)));
  const byPlace = new Map<string, string>();
  for (const path of found.flat()) {
    const place = path === '-' ? path : await realpath(path).catch(() => path);
    if (!byPlace.has(place)) byPlace.set(place, path);
  }
  return [...byPlace.values()];
}

/** kubectl takes patterns, too, where no shell has expanded them. */
async function expand(path: string): Promise<string[]> {
  if (/^https?:\/\//.test(path))
    throw new RouteproofError('INVALID_INPUT', 'lint fetches nothing', {
      object: path,
      hint: `curl -fsSL ${path} | routeproof lint -`,
    });
  if (path === '-' || !/[*?[]/.test(path) || (await stat(path).catch(() => undefined)) !== undefined)
    return [path];
  const matching = await Array.fromAsync(glob(path));
  return matching.length === 0 ? [path] : matching.sort();
}

function within(recursive: boolean): (path: string) => Promise<string[]> {
  return async (path) => {
    if (path === '-' || !(await isDirectory(path))) return [path];
    const entries = await readdir(path, { recursive, withFileTypes: true });
    // A mounted ConfigMap has links in place of files.
    return entries
      .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readInput(path: string): Promise<LintInput> {
  if (path === '-') return { file: 'stdin', text: textOf(await buffer(process.stdin)) };
  try {
    return { file: path, text: textOf(await readFile(path)) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** UTF-8, or UTF-16 as some editors and shells of Windows write it. */
function textOf(bytes: Buffer): string {
  const [mark] = bytes.length < 2 ? [] : [bytes.readUInt16BE(0)];
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function unreadable(path: string, cause: unknown): RouteproofError {
  return new RouteproofError('INVALID_INPUT', 'the manifest cannot be read', {
    object: path,
    seen: messageOf(cause),
    hint: 'name a file, a directory or - for standard input',
    cause,
  });
}
