import type { Command } from 'commander';
import pc from 'picocolors';
import { given } from '../../common/given.ts';
import { totalsOf, type ClauseCoverage, type CoverageTotals } from '../../harness/explain/coverage.ts';
import { listOf } from './command.ts';

interface ClausesFlags {
  area?: string[];
  suite?: string[];
  support?: string[];
  uncovered?: true;
  json?: true;
}

export function addClauses(program: Command): void {
  program
    .command('clauses')
    .description(
      'list the statements of the spec: which scenarios prove each, or why no black box can see it',
    )
    .option('--area <names>', 'only clauses whose ids begin so: hostname, tls, ... (A,B)', listOf)
    .option('--suite <names>', 'only clauses that these suites prove', listOf)
    .option('--support <levels>', 'only these levels: core, extended, ...', listOf)
    .option('--uncovered', 'only those that nothing proves and no reason excuses')
    .option('--json', 'print JSON')
    .action(async (flags: ClausesFlags) => {
      const { clauseReport } = await import('../../harness/explain/clause-report.ts');
      const rows = await clauseReport({
        ...given({ areas: flags.area, suites: flags.suite, supports: flags.support }),
        uncovered: flags.uncovered === true,
      });
      process.stdout.write(flags.json === true ? asJson(rows) : asText(rows));
    });
}

function asJson(rows: ClauseCoverage[]): string {
  return `${JSON.stringify({ clauses: rows, totals: totalsOf(rows) }, null, 2)}\n`;
}

function asText(rows: ClauseCoverage[]): string {
  const { all, bySupport } = totalsOf(rows);
  const totals = Object.entries({ ...bySupport, all }).map(([name, counts]) => totalsLine(name, counts));
  return [...rows.flatMap(linesOf), '', ...totals, ''].join('\n');
}

function linesOf(row: ClauseCoverage): string[] {
  const channel = row.channel === 'standard' ? '' : `, ${row.channel} channel`;
  const since = row.since === undefined ? '' : `, since ${row.since}`;
  const until = row.until === undefined ? '' : `, until ${row.until}`;
  return [
    `${pc.bold(row.id)}  ${row.level}, ${row.support}${channel}${since}${until}${isToldOnly(row) ? ', informational' : ''}`,
    `  ${row.says}`,
    `  ${evidenceOf(row)}`,
  ];
}

/** What nobody fails for: inferred, or contradicted by the document itself. */
function isToldOnly({ source, contradicted }: ClauseCoverage): boolean {
  return source.endsWith('(inferred)') || contradicted !== undefined;
}

function evidenceOf(row: ClauseCoverage): string {
  if (row.state === 'unseen') return `${pc.yellow('unseen')}: ${row.reason ?? ''}`;
  if (row.state === 'uncovered') return pc.red('uncovered');
  const scenarios = row.scenarios.map(({ id, support, features = [], profiles }) => {
    if (profiles !== undefined) return `${id} (profile ${profiles.join(', ')})`;
    if (support === 'informational') return `${id} (informational)`;
    return features.length === 0 ? id : `${id} (where ${features.join(' and ')} is claimed)`;
  });
  return `${pc.green('proven')} by ${scenarios.join(', ')}`;
}

function totalsLine(name: string, { clauses, proven, unseen, uncovered }: CoverageTotals): string {
  return `${name}: ${clauses} clauses, ${proven} proven, ${unseen} unseen, ${uncovered} uncovered`;
}
