/** Whose fault an error is; decides the exit code (docs/errors.md). */
export type Fault = 'usage' | 'harness';

/** Codes are stable names, listed in docs/errors.md; a test compares the two. */
export const errorCodes = {
  USAGE: 'usage',
  INVALID_INPUT: 'usage',
  UNKNOWN_SUITE: 'usage',
  UNKNOWN_SCENARIO: 'usage',
  UNKNOWN_CLAUSE: 'usage',
  UNKNOWN_FAULT: 'usage',
  MANIFEST_REJECTED: 'usage',
  CLUSTER_EXISTS: 'usage',
  CLUSTER_NOT_FOUND: 'usage',
  INVALID_RUN_FILE: 'usage',
  TOOL_MISSING: 'harness',
  USER_NAMESPACES_FORBIDDEN: 'harness',
  CONTAINER_ENGINE_MISSING: 'harness',
  IMAGE_MISSING: 'harness',
  NO_ROUTE_TO_CLUSTER: 'harness',
  DISK_FULL: 'harness',
  STATE_UNUSABLE: 'harness',
  REPORT_NOT_WRITTEN: 'harness',
  CLUSTER_START_FAILED: 'harness',
  CLUSTER_LOST: 'harness',
  API_UNREACHABLE: 'harness',
  API_FORBIDDEN: 'harness',
  CRDS_MISSING: 'harness',
  CRD_NOT_SERVED: 'harness',
  CLUSTER_IN_USE: 'harness',
  CLUSTER_NOT_CLEAN: 'harness',
  IMPLEMENTATION_NOT_INSTALLED: 'harness',
  GATEWAYCLASS_NOT_ACCEPTED: 'harness',
  GATEWAY_NO_ADDRESS: 'harness',
  BACKEND_NOT_READY: 'harness',
  LOAD_FAILED: 'harness',
  NOTHING_TO_JUDGE: 'harness',
  RECORDING_FAILED: 'harness',
  OFFICIAL_SUITE_FAILED: 'harness',
  RUNNER_FAILED: 'harness',
  INTERNAL: 'harness',
} as const satisfies Record<string, Fault>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** The object at fault, as `Kind namespace/name`, a file path, or an option. */
  object?: string;
  /** What was seen, as close to the source as possible. */
  seen?: string;
  /** What the reader can do about it; undefined only where the text is another error's, which says it, or whoever catches this one adds it. */
  hint: string | undefined;
  cause?: unknown;
}

/**
 * The only error class that reaches a user. Its text is composed here and nowhere else:
 * what failed, on which object, what was seen, what to do.
 */
export class RouteproofError extends Error {
  readonly code: ErrorCode;
  /** What failed, alone. */
  readonly what: string;
  readonly object: string | undefined;
  readonly seen: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, what: string, details: ErrorDetails) {
    const lines = [details.object === undefined ? what : `${details.object}: ${what}`];
    if (details.seen !== undefined) lines.push(`  seen: ${details.seen}`);
    if (details.hint !== undefined) lines.push(`  try:  ${details.hint}`);
    super(lines.join('\n'), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RouteproofError';
    this.code = code;
    this.what = what;
    this.object = details.object;
    this.seen = details.seen;
    this.hint = details.hint;
  }

  get fault(): Fault {
    return errorCodes[this.code];
  }
}

/** 2 for bad usage or input, 3 when the harness or its cluster could not do its work. */
export function exitCodeOf(error: unknown): 2 | 3 {
  return error instanceof RouteproofError && error.fault === 'usage' ? 2 : 3;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
