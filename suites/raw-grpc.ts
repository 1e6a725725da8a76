import type { RawResult } from '../harness/index.ts';

/** What every gRPC request has to say of itself. */
export const grpcHeaders = { 'content-type': 'application/grpc', te: 'trailers' };

/** A message as gRPC frames it: not compressed, its length, its bytes. */
export function framed(message: readonly number[]): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, Buffer.from(message)]);
}

export const emptyFrame = framed([]);

/** The status of a call in digits, as a client understands the HTTP status where there is no grpc-status. */
export function grpcStatusOf({ httpStatus = 0, headers, trailers }: RawResult): string | undefined {
  const byHttp = new Map([
    [200, '2'],
    [404, '12'],
    [500, '2'],
    [503, '14'],
  ]).get(httpStatus);
  return new Map([...headers, ...trailers]).get('grpc-status') ?? byHttp;
}

/**
 * A rule takes the call, and its Service is not there: UNAVAILABLE, or UNKNOWN as HTTP's 500 is told. Which, backend/missing-service judges. For methods that no
 * backend has, where UNIMPLEMENTED may come from a backend as well.
 */
export const takenInVain = ['14', '2'];
