/** Runs every static check, then prints all failures; the first failing check does not hide the others. */
import { execa } from 'execa';
import { projectRoot } from '../common/tools.ts';

const checks: { name: string; argv: [string, ...string[]] }[] = [
  { name: 'format', argv: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'types', argv: ['tsc', '--noEmit'] },
  { name: 'types of load scripts', argv: ['tsc', '--noEmit', '-p', 'suites/load'] },
  { name: 'types of the report page', argv: ['tsc', '--noEmit', '-p', 'reports/page'] },
  { name: 'lint', argv: ['eslint', '--max-warnings', '0', '.'] },
  {
    name: 'import rules',
    argv: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'common',
      'clusters',
      'gateway',
      'echo-server',
      'harness',
      'suites',
      'reports',
      'cli',
      'tools',
    ],
  },
  { name: 'dead code', argv: ['knip', '--no-progress'] },
];

let failed = 0;
for (const { name, argv } of checks) {
  const [file, ...args] = argv;
  const startedMs = Date.now();
  const result = await execa(file, args, { cwd: projectRoot, preferLocal: true, reject: false, all: true });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`verify: ${result.failed ? 'FAILED' : 'ok    '} ${name} (${seconds} s)\n`);
  if (!result.failed) continue;
  failed++;
  process.stdout.write(`${result.all}\n`);
}
if (failed > 0) {
  process.stdout.write(`verify: ${failed} of ${checks.length} checks failed\n`);
  process.exitCode = 1;
}
