import { join } from 'node:path';
import type { Command } from 'commander';
import { execa } from 'execa';
import { codeExtension, projectRoot } from '../../common/tools.ts';

export function addSetup(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('setup')
    .description(
      'bring what a local cluster needs, once a machine: the real binaries, compiled (about 10 min)',
    )
    .action(async () => {
      const script = join(projectRoot, `tools/setup${codeExtension}`);
      const { exitCode = 3 } = await execa(process.execPath, [script, 'conformance'], {
        stdio: 'inherit',
        reject: false,
      });
      finish(exitCode);
    });
}
