import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { execa } from 'execa';
import { codeExtension, projectRoot } from '../../common/tools.ts';
import { providerNames } from '../cluster/providers.ts';

export function addSetup(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('setup')
    .description(
      'bring what a local cluster needs, once a machine: the real binaries, compiled (about 10 min)',
    )
    .addOption(
      new Option(
        '--cluster <provider>',
        'what it is for: with local, end before anything is compiled where that cluster cannot be hosted (default: warn)',
      ).choices(providerNames),
    )
    .action(async ({ cluster }: { cluster?: string }) => {
      const script = join(projectRoot, `tools/setup${codeExtension}`);
      const { exitCode = 3 } = await execa(
        process.execPath,
        [script, 'conformance', ...(cluster === undefined ? [] : [cluster])],
        {
          stdio: 'inherit',
          reject: false,
        },
      );
      finish(exitCode);
    });
}
