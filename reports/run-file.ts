import { readFile } from 'node:fs/promises';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { messageOf, RouteproofError } from '../common/errors.ts';
import { type Run, runSchemaVersion } from '../harness/results/run.ts';
import schema from './run.schema.json' with { type: 'json' };

const validate = new Ajv2020({ allErrors: true, strict: true, strictTuples: false }).compile<Run>(schema);
/** One wrong field is often wrong in every scenario; the first few tell it all. */
const maxProblems = 5;

/** What keeps a value from being a Run by reports/run.schema.json, each with its path; empty when nothing does. */
export function problemsWithRun(value: unknown): string[] {
  // Through JSON first: undefined, NaN and Date become what a reader of run.json would see.
  const asWritten: unknown = JSON.parse(JSON.stringify(value));
  if (validate(asWritten)) return [];
  return problemLines(asWritten);
}

/**
 * Reads a run.json and checks it against reports/run.schema.json.
 *
 * @throws RouteproofError INVALID_RUN_FILE - with the path in the JSON and what was seen there
 */
export async function readRun(file: string): Promise<Run> {
  return runOf(file, parse(file, await readText(file)));
}

/** As `readRun`, of what was read elsewhere. @throws RouteproofError INVALID_RUN_FILE */
export function runOf(file: string, value: unknown): Run {
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (version !== undefined && version !== runSchemaVersion)
    throw new RouteproofError('INVALID_RUN_FILE', 'was written by another version of routeproof', {
      object: file,
      seen: `/schemaVersion is ${shown(version)}; this routeproof reads ${runSchemaVersion}`,
      hint: 'read it with the routeproof that wrote it, or run again',
    });
  if (validate(value)) return value;
  throw new RouteproofError('INVALID_RUN_FILE', 'is not a run.json of routeproof', {
    object: file,
    seen: problemLines(value).join('\n        '),
    hint: 'give a run.json as `routeproof conformance` writes it; reports/run.schema.json describes it',
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RouteproofError('INVALID_RUN_FILE', 'cannot be read', {
      object: file,
      seen: messageOf(cause),
      hint: 'give the path of a run.json, for example reports/out/latest/run.json',
      cause,
    });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RouteproofError('INVALID_RUN_FILE', 'is not JSON', {
      object: file,
      seen: messageOf(cause),
      hint: 'the file may have been cut off; run again',
      cause,
    });
  }
}

function problemLines(value: unknown): string[] {
  const errors = validate.errors ?? [];
  const lines = errors.slice(0, maxProblems).map((error) => problemLine(value, error));
  if (errors.length > maxProblems) lines.push(`and ${errors.length - maxProblems} more`);
  return lines;
}

function problemLine(value: unknown, error: ErrorObject): string {
  const path = error.instancePath === '' ? '/' : error.instancePath;
  const extra =
    'additionalProperty' in error.params ? ` (${String(error.params['additionalProperty'])})` : '';
  const allowed =
    'allowedValues' in error.params ? ` (${JSON.stringify(error.params['allowedValues'])})` : '';
  return `${path} ${error.message ?? error.keyword}${extra}${allowed}, but is ${shown(at(value, error.instancePath))}`;
}

/** The value at a JSON pointer that ajv gave, so it exists. */
function at(value: unknown, pointer: string): unknown {
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 79)}…` : json;
}
