import { appendFile, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { HistoryEntry, HistoryFigure } from '../../harness/results/history.ts';
import type { Run } from '../../harness/results/run.ts';
import { isLoss, runFigures, type RunFigure } from './run-figures.ts';
import schema from '../run.schema.json' with { type: 'json' };

const validate = new Ajv2020({ strict: false }).compile<HistoryEntry>({
  ...schema,
  $id: 'history-entry',
  ...schema.$defs.HistoryEntry,
});

/** What a run adds to its history: valid figures that a machine's speed does not move, and medians of the control plane. */
export function historyEntry(run: Run, commit: string | undefined): HistoryEntry {
  const { startedAt, implementation, cluster } = run;
  return {
    startedAt,
    ...given({ commit }),
    implementation: { name: implementation.name, version: implementation.version },
    machine: { cpus: cluster.cpus, cpuModel: cluster.cpuModel },
    figures: runFigures(run).filter(isKept).map(historyFigure),
  };
}

function isKept(figure: RunFigure): figure is RunFigure & { value: number } {
  const { value, invalid, side, samples } = figure;
  if (value === undefined || invalid.length > 0) return false;
  if (samples.kind === 'single') return samples.share === 0.5;
  return side.includes('/') || (isLoss(figure) && side !== 'direct' && side !== 'floor');
}

function historyFigure(figure: RunFigure & { value: number }): HistoryFigure {
  const { key, subject, title, side, of, unit, value, interval } = figure;
  return { key, subject, title, side, of, unit, value, ...interval };
}

/**
 * A file of one JSON object a line, oldest first. One that does not exist is an empty history.
 *
 * @throws RouteproofError INVALID_INPUT - the line that is no entry
 */
export async function readHistory(file: string): Promise<HistoryEntry[]> {
  const lines = (await textOf(file)).split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [entryOf(line, `${file}:${index + 1}`)]));
}

/** @throws RouteproofError INVALID_INPUT - it cannot be written */
export async function appendHistory(file: string, entry: HistoryEntry): Promise<void> {
  try {
    await appendFile(file, `${JSON.stringify(entry)}\n`);
  } catch (cause) {
    throw unusable(file, 'cannot be written', cause);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw unusable(file, 'cannot be read', cause);
  }
}

function entryOf(line: string, place: string): HistoryEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unusable(place, 'is no JSON', cause);
  }
  if (validate(value)) return value;
  const [first] = validate.errors ?? [];
  throw unusable(place, 'is no entry of a history', `${first?.instancePath ?? ''} ${first?.message ?? ''}`);
}

function unusable(object: string, what: string, cause: unknown): RouteproofError {
  return new RouteproofError('INVALID_INPUT', `the history ${what}`, {
    object,
    seen: typeof cause === 'string' ? cause : messageOf(cause),
    hint: 'give --record a file that it wrote itself, or one that does not exist yet',
  });
}
