import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { version } from '../../common/version.ts';
import { asJson, asSarif, asText } from '../../harness/lint/formats.ts';
import type { LintInput } from '../../harness/lint/lint.ts';
import { mustBeKnown } from '../../harness/scenario/spec-files.ts';
import { lintProfiles, type LintProfile } from '../../harness/lint/profiles.ts';

interface LintFlags {
  profile: LintProfile;
  namespace?: string;
  recursive?: true;
  output: 'text' | 'json' | 'sarif';
}

export function addLint(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('lint')
    .description('say offline which manifests would not work, with the line and how to change it')
    .argument(
      '<files...>',
      'manifests as `kubectl apply -f` takes them: files, directories, - for standard input',
    )
    .option(
      '--profile <profile>',
      `where they have to work: ${lintProfiles.join(', ')} (docs/profiles.md)`,
      'standard',
    )
    .option('--namespace <name>', 'of objects and references that name none; default: default')
    .option('-R, --recursive', 'look into directories within directories')
    .addOption(
      new Option('-o, --output <format>', 'how findings are printed')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addHelpText('after', '\nExit code 1 when there is an error; warnings and notes are none.')
    .action(async (paths: string[], flags: LintFlags) => {
      mustBeKnown('USAGE', 'profile', flags.profile, lintProfiles);
      const inputs = await Promise.all((await filesOf(paths, flags.recursive === true)).map(readInput));
      const { profile, namespace } = flags;
      const { lint } = await import('../../harness/lint/lint.ts');
      const result = lint(inputs, { profile, ...(namespace === undefined ? {} : { namespace }) });
      const written = {
        text: () => asText(result, profile),
        json: () => asJson(result, profile),
        sarif: () => asSarif(result, version),
      };
      process.stdout.write(written[flags.output]());
      finish(result.findings.some(({ level }) => level === 'error') ? 1 : 0);
    });
}

/** Directories give their manifests by the endings that kubectl takes, in the order of their names. */
async function filesOf(paths: string[], recursive: boolean): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (path === '-' || !(await isDirectory(path))) return [path];
      const entries = await readdir(path, { recursive });
      return entries
        .filter((name) => /\.(ya?ml|json)$/.test(name))
        .sort()
        .map((name) => join(path, name));
    }),
  );
  return found.flat();
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readInput(path: string): Promise<LintInput> {
  if (path === '-') return { file: 'stdin', text: await readAll(process.stdin) };
  try {
    return { file: path, text: await readFile(path, 'utf8') };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): RouteproofError {
  return new RouteproofError('INVALID_INPUT', 'the manifest cannot be read', {
    object: path,
    seen: messageOf(cause),
    hint: 'name a file, a directory or - for standard input',
    cause,
  });
}
