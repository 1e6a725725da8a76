import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { isInPath } from '../../common/local-host.ts';
import { say } from './say.ts';

export interface Need {
  /** Any of these programs will do. */
  programs: string[];
  debianPackage: string;
}

/**
 * Installs what is missing where that is allowed (root, or sudo without a password), else says the exact command.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function installPrograms(wanted: readonly Need[]): Promise<void> {
  const missing = wanted.filter((need) => !need.programs.some((program) => isInPath(program)));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((need) => need.debianPackage))];
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const sudo = await prefix();
  if (sudo === undefined)
    throw cannotInstall(packages, 'not root, and sudo wants a password or apt-get is missing');
  say(`Debian packages ${packages.join(', ')} (up to a minute)`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run([...sudo, 'apt-get', 'update'], env);
  const failure = await run([...sudo, ...install], env);
  if (failure !== undefined) throw cannotInstall(packages, failure);
}

function cannotInstall(packages: string[], seen: string): RouteproofError {
  return new RouteproofError('TOOL_MISSING', `missing programs of the packages ${packages.join(', ')}`, {
    seen,
    hint: `run: sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`,
  });
}

/** What to put before apt-get, or undefined when it may not be run. */
async function prefix(): Promise<string[] | undefined> {
  if (!isInPath('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  if (!isInPath('sudo')) return undefined;
  const allowed = await execa('sudo', ['-n', 'true'], { reject: false });
  return allowed.failed ? undefined : ['sudo', '-n'];
}

async function run(argv: string[], env: Record<string, string>): Promise<string | undefined> {
  const [file = '', ...args] = argv;
  const result = await execa(file, args, { env, reject: false, all: true });
  return result.failed ? result.all.trim().split('\n').slice(-3).join(' / ') : undefined;
}
