import { Client, credentials, status } from '@grpc/grpc-js';
import type { ProbeAnswer } from './probe-answer.ts';

// grpc.health.v1: HealthCheckRequest{service=1}, HealthCheckResponse{status=1}, SERVING=1. Two fields need no code generator.
const checkPath = '/grpc.health.v1.Health/Check';
const serving = 1;
const statusNames = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** A pod's address means nothing to the proxy that the caller's environment may name. */
const channelOptions = { 'grpc.enable_http_proxy': 0 };

/** One Health/Check call, in plain text as the Probe API has it. */
export function grpcHealth(address: string, service: string, timeoutMs: number): Promise<ProbeAnswer> {
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  return new Promise<ProbeAnswer>((resolve) => {
    client.makeUnaryRequest(
      checkPath,
      encodeRequest,
      decodeStatus,
      service,
      { deadline: Date.now() + timeoutMs },
      (error, value) => {
        if (error !== null) resolve({ ok: false, message: `${status[error.code]}: ${error.details}` });
        else
          resolve({
            ok: value === serving,
            message: `service unhealthy (responded with "${statusNames[value ?? 0] ?? value}")`,
          });
      },
    );
  }).finally(() => client.close());
}

/** Field 1, wire type 2 (length-delimited). Names of services are far below the 128 bytes of a one-byte length, see the check. */
function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service);
  if (name.length > 127) throw new Error('the name of the health service is longer than 127 bytes');
  return name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** Field 1, wire type 0 (varint); an absent field is 0, UNKNOWN. */
function decodeStatus(message: Buffer): number {
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
