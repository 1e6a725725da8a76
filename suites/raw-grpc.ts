/** What every gRPC request has to say of itself. */
export const grpcHeaders = { 'content-type': 'application/grpc', te: 'trailers' };

/** A message as gRPC frames it: not compressed, its length, its bytes. */
export function framed(message: readonly number[]): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, Buffer.from(message)]);
}

export const emptyFrame = framed([]);
