import type { Command } from 'commander';

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say what a clause, a scenario or a planted fault is, and what proves or breaks it')
    .argument('<name>', 'a clause (method-exact-is-not-prefix), a scenario (method/exact) or a planted fault')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: { json?: true }) => {
      const [{ explain }, { readKnown }, { plantedFaults }, { explanationText }] = await Promise.all([
        import('../../harness/explain/explain.ts'),
        import('../../harness/explain/known.ts'),
        import('../faults/planted-faults.ts'),
        import('../conformance/explanation-text.ts'),
      ]);
      const explanations = explain(name, await readKnown(plantedFaults()));
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(explanations, null, 2)}\n`
          : explanations.map(explanationText).join('\n'),
      );
    });
}
