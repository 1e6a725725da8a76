import type { LoadResult, LoadVariant } from '../../harness/results/load.ts';
import { formatMs } from '../figures/figures.ts';
import { crossCheckLabels, crossCheckValue } from '../figures/cross-check.ts';
import { figureDoubts, figureTable, figureText } from '../figures/load-figures.ts';
import { hasCases, reasonsNotToBelieve } from '../figures/load-validity.ts';
import { code, prose, row } from '../wording/markdown.ts';

/** Benchmarks of calls as Markdown; no figure of one that is invalid. */
export function loadSection(loads: LoadResult[]): string[] {
  if (loads.length === 0) return [];
  const head = [
    'benchmark',
    'path',
    'rate',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'max',
    'errors',
    'dropped',
    'proxy CPU',
  ];
  const rows = loads.flatMap((load) =>
    hasCases(load) || reasonsNotToBelieve(load).length > 0 ? [] : load.variants.map((v) => loadRow(load, v)),
  );
  const table = [row(head), row(head.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows].join('\n');
  const invalid = loads.flatMap((load) => {
    const reasons = reasonsNotToBelieve(load);
    return reasons.length === 0 ? [] : [`- ! ${code(load.subject)} invalid: ${prose(reasons.join('; '))}`];
  });
  return [
    '### Load',
    ...(rows.length > 0 ? [table] : []),
    ...loads.flatMap(figureLines),
    ...(invalid.length > 0 ? [invalid.join('\n')] : []),
    ...loads.flatMap(crossCheckLines),
  ];
}

/** Whether other load generators measured the same. */
function crossCheckLines({ subject, crossChecks = [] }: LoadResult): string[] {
  if (crossChecks.length === 0) return [];
  const verdicts = crossChecks.map(
    ({ generator, verdict, why }) =>
      `- ${verdict === 'agrees' ? '' : '! '}${code(subject)} by ${generator}: ${verdict}${why === undefined ? '' : `: ${prose(why)}`}`,
  );
  const rows = crossChecks.flatMap(({ generator, figures }) =>
    figures.map((figure) =>
      row([
        generator,
        figure.side,
        crossCheckLabels[figure.name],
        crossCheckValue(figure, figure.k6),
        crossCheckValue(figure, figure.other),
        figure.agrees ? 'agrees' : '**disagrees**',
        figure.bound,
      ]),
    ),
  );
  const head = ['generator', 'path', 'figure', 'k6', 'other', 'verdict', 'bound'];
  const table = [row(head), row(head.map((_, i) => (i === 3 || i === 4 ? '---:' : '---'))), ...rows];
  return ['#### Other load generators', verdicts.join('\n'), ...(rows.length > 0 ? [table.join('\n')] : [])];
}

/** Comparisons of a benchmark, and of one with several cases everything. */
function figureLines(load: LoadResult): string[] {
  const { sides, rows } = figureTable(load);
  const columns = sides.flatMap((side, index) =>
    hasCases(load) || side.includes(' ') ? [{ side, index }] : [],
  );
  const lines = rows.flatMap(({ title, case: of, cells }) => {
    const shown = columns.map(({ index }) => cells[index]);
    if (!shown.some((each) => each !== undefined && figureDoubts(each).length === 0)) return [];
    return [row([code(load.subject), prose(title), of === '' ? '' : code(of), ...shown.map(figureText)])];
  });
  if (lines.length === 0) return [];
  const head = ['benchmark', 'figure', 'of', ...columns.map(({ side }) => side.replace(' - ', ' − '))];
  return [[row(head), row(head.map((_, i) => (i < 3 ? '---' : '---:'))), ...lines].join('\n')];
}

function loadRow(load: LoadResult, v: LoadVariant): string {
  const { p50, p90, p99, p999, max } = v.latencyMs;
  return row([
    code(load.subject),
    v.name,
    `${Math.round(v.achievedRateRps)}/s`,
    ...[p50, p90, p99, p999, max].map(formatMs),
    String(v.errors),
    String(v.droppedIterations),
    v.proxyCpuUsPerRequest === undefined ? '–' : `${Math.round(v.proxyCpuUsPerRequest)} µs/request`,
  ]);
}
