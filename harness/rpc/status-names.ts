import { status } from '@grpc/grpc-js';
import { RouteproofError } from '../../common/errors.ts';

/** `UNAVAILABLE`; `no status` for a call that never got one. */
export function statusName(code: number | null): string {
  if (code === null) return 'no status';
  return status[code] ?? `status ${String(code)}`;
}

/** `UNAVAILABLE (14)`. */
export function describeStatus(code: number | null): string {
  return code === null ? 'no status' : `${statusName(code)} (${String(code)})`;
}

/** @throws RouteproofError INVALID_INPUT - no such status */
export function statusCode(nameOrCode: string | number): number {
  if (typeof nameOrCode === 'number') return nameOrCode;
  const code = (status as unknown as Record<string, number | string | undefined>)[nameOrCode];
  if (typeof code === 'number') return code;
  throw new RouteproofError('INVALID_INPUT', 'no such gRPC status', {
    object: nameOrCode,
    hint: `one of ${Object.keys(status)
      .filter((key) => !/^\d/.test(key))
      .join(', ')}`,
  });
}
