import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { version } from '../../common/version.ts';
import { asJson, asSarif, asText } from '../../harness/lint/formats.ts';
import type { Channel } from '../../harness/install/crds.ts';
import type { LintInput } from '../../harness/lint/lint.ts';
import { channelOption } from '../command.ts';
import { mustBeKnown } from '../../harness/scenario/spec-files.ts';
import { lintProfiles, type LintProfile } from '../../harness/lint/profiles.ts';

interface LintFlags {
  profile: LintProfile;
  namespace?: string;
  gatewayApiVersion: OfficialRelease;
  channel: Channel;
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
    .addHelpText('after', '\nExit code 1 when there is an error; warnings and notes are none.')
    .action(async (paths: string[], flags: LintFlags) => {
      mustBeKnown('USAGE', 'profile', flags.profile, lintProfiles);
      const inputs = await Promise.all((await filesOf(paths, flags.recursive === true)).map(readInput));
      const { profile, namespace, gatewayApiVersion: release, channel } = flags;
      const { lint } = await import('../../harness/lint/lint.ts');
      const result = lint(inputs, {
        profile,
        release,
        channel,
        ...(namespace === undefined ? {} : { namespace }),
      });
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
      const entries = await readdir(path, { recursive, withFileTypes: true });
      // A mounted ConfigMap has links in place of files.
      return entries
        .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
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
  if (path === '-') return { file: 'stdin', text: textOf(await buffer(process.stdin)) };
  try {
    return { file: path, text: textOf(await readFile(path)) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** UTF-8, or UTF-16 as some editors and shells of Windows write it. */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

function unreadable(path: string, cause: unknown): RouteproofError {
  return new RouteproofError('INVALID_INPUT', 'the manifest cannot be read', {
    object: path,
    seen: messageOf(cause),
    hint: 'name a file, a directory or - for standard input',
    cause,
  });
}
