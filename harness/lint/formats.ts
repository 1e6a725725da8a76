import type { LintResult } from './lint.ts';
import type { LintProfile } from './profiles.ts';
import type { Finding } from './rule.ts';

/** Compilers' way, which editors and terminals link: file:line:column. */
export function asText({ findings, objects }: LintResult, profile: LintProfile): string {
  const lines = findings.flatMap(
    ({ file, line, column, level, message, object, field, fix, rule, clause }) => [
      `${file}:${String(line)}:${String(column)}: ${level}: ${message} [${rule}]`,
      `  ${[object, field].filter((part) => part !== '').join(', ')}${clause === undefined ? '' : `; clause ${clause}`}`,
      `  fix: ${fix}`,
    ],
  );
  return [...lines, `${counts(findings)} in ${plural(objects, 'object')} (profile ${profile})`, ''].join(
    '\n',
  );
}

export function asJson({ findings, objects }: LintResult, profile: LintProfile): string {
  return `${JSON.stringify({ profile, objects, findings }, null, 2)}\n`;
}

/** SARIF 2.1.0, which code hosts show at the line. */
export function asSarif({ findings }: LintResult, version: string): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'routeproof', version, rules: rules.map((id) => ({ id })) } },
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.indexOf(finding.rule),
          level: finding.level,
          ...(finding.clause === undefined ? {} : { properties: { clause: finding.clause } }),
          message: { text: `${finding.message}. Fix: ${finding.fix}.` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: finding.file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: finding.line, startColumn: finding.column },
              },
              logicalLocations: [{ fullyQualifiedName: `${finding.object} ${finding.field}`.trim() }],
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function counts(findings: readonly Finding[]): string {
  const of = (level: string): number => findings.filter((each) => each.level === level).length;
  return `${plural(of('error'), 'error')}, ${plural(of('warning'), 'warning')}, ${plural(of('note'), 'note')}`;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
