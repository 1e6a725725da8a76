import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { faultsSchemaVersion, type FaultsResults, type FaultsRun } from '../../harness/results/faults.ts';

/** What readers rely on; harness/results/faults.ts has the whole shape. */
const schema = {
  type: 'object',
  required: [
    'schemaVersion',
    'command',
    'startedAt',
    'parts',
    'faults',
    'excluded',
    'leftOut',
    'idleScenarios',
  ],
  properties: {
    schemaVersion: { const: faultsSchemaVersion },
    command: { const: 'faults' },
    startedAt: { type: 'string' },
    complete: { type: 'boolean' },
    parts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['release', 'channel'],
        properties: { release: { type: 'string' }, channel: { enum: ['standard', 'experimental'] } },
      },
    },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'title', 'area', 'clauses', 'layers', 'outcome', 'catches'],
        properties: {
          name: { type: 'string' },
          outcome: { enum: ['caught', 'unexplained', 'survived', 'not-run'] },
          catches: { type: 'array' },
        },
      },
    },
    excluded: { type: 'array' },
    leftOut: { type: 'array', items: { type: 'string' } },
    idleScenarios: { type: 'array', items: { type: 'string' } },
  },
};

const ajv = new Ajv2020({ allErrors: true, strictRequired: false });
const isResults = ajv.compile<FaultsResults>(schema);
/** The record of all runs lacks `complete`: it is not one run. */
const isRun = ajv.compile<FaultsRun>({ ...schema, required: [...schema.required, 'complete'] });

/**
 * Reads the results of `routeproof faults`.
 *
 * @param path - a faults.json, or the folder that it is in
 * @throws RouteproofError INVALID_RUN_FILE - with what was seen there
 */
export function readFaultsRun(path: string): Promise<FaultsRun> {
  return readChecked(path, isRun);
}

/**
 * Reads the results of `routeproof faults`, or docs/faults.json.
 *
 * @param path - a faults.json, or the folder that it is in
 * @throws RouteproofError INVALID_RUN_FILE - with what was seen there
 */
export function readFaultsResults(path: string): Promise<FaultsResults> {
  return readChecked(path, isResults);
}

async function readChecked<T>(path: string, validate: ValidateFunction<T>): Promise<T> {
  const wrong = (seen: string, cause?: unknown): RouteproofError =>
    new RouteproofError('INVALID_RUN_FILE', 'is not a faults.json of this routeproof', {
      object: path,
      seen,
      hint: 'give a folder as `routeproof faults --out` writes it',
      cause,
    });
  let value: unknown;
  try {
    const isFolder = (await stat(path)).isDirectory();
    value = JSON.parse(await readFile(isFolder ? join(path, 'faults.json') : path, 'utf8'));
  } catch (cause) {
    throw wrong(messageOf(cause), cause);
  }
  if (validate(value)) return value;
  const problems = (validate.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath || '/'} ${message}`,
  );
  throw wrong(problems.slice(0, 5).join('; '));
}

/** As docs/faults.json is kept: one line a fault, so that a difference can be read. */
export function faultsRecordText({ faults, ...facts }: FaultsResults): string {
  const head = JSON.stringify({ ...facts, faults: [] }, null, 1).replace(
    /"faults": \[\]\n\}$/,
    '"faults": [\n',
  );
  return `${head}${faults.map((fault) => JSON.stringify(fault)).join(',\n')}\n]}\n`;
}
