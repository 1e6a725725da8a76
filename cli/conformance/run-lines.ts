import pc from 'picocolors';
import { countsAgainst } from '../../harness/results/counts-against.ts';
import { isOutdated, isUnknown } from '../../harness/results/known-failures.ts';
import { isLeftOut } from '../../harness/results/left-out.ts';
import type { Run } from '../../harness/results/run.ts';
import { impliedFindings, isInformational, unjudgedClaims } from '../../harness/results/tier.ts';

/** What a run has to say beside its totals: what did not apply, claims that were not judged, and what is told only. */
export function linesBesideTotals(run: Run): string[] {
  return [...leftOutLine(run), ...knownLines(run), ...claimLines(run), ...informationalLines(run)];
}

function leftOutLine({ scenarios }: Run): string[] {
  const of = (by: string): number =>
    scenarios.filter((result) => isLeftOut(result) && result.leftOut === by).length;
  const parts = [
    [of('feature'), 'of features that are not claimed'],
    [of('release'), 'of another release'],
    [of('profile'), "that the profile's document says otherwise of"],
    [of('crds'), 'that the installed CRDs are too old for'],
    [of('cluster'), 'that need a cluster made for the run'],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return parts.length === 0 ? [] : [`left out: ${parts.join(', ')}`];
}

function knownLines({ scenarios }: Run): string[] {
  const known = scenarios.filter((result) => !isUnknown(result));
  const outdated = known.filter(isOutdated);
  const failing = known.filter(countsAgainst).length;
  return [
    ...(failing === 0
      ? []
      : [`known failures: ${failing} of those above, each with its reason in the results`]),
    ...outdated.map(
      ({ id, known: reason = '' }) => `${pc.red('listed as a known failure, but passes:')} ${id} (${reason})`,
    ),
  ];
}

function claimLines(run: Run): string[] {
  return [...unjudgedClaims(run)].map(
    ([feature, ids]) => `${pc.red('partial:')} ${feature} is claimed, and not judged by ${ids.join(', ')}`,
  );
}

function informationalLines({ scenarios }: Run): string[] {
  const told = scenarios.filter((result) => isInformational(result) && result.verdict !== 'not-run');
  const parts = scenarios.flatMap((result) =>
    impliedFindings(result).map((part) => ({ id: result.id, ...part })),
  );
  if (told.length + parts.length === 0) return [];
  const otherwise = [...told.filter(({ verdict }) => verdict !== 'pass'), ...parts];
  const asExpected = told.length + parts.length - otherwise.length;
  return [
    `informational, never a failure: ${asExpected} as expected, ${otherwise.length} otherwise`,
    ...otherwise.map(({ id, verdict, seen = '' }) => `  ${id} ${verdict}: ${seen}`),
  ];
}
