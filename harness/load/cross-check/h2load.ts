import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { callText, connections, type Generator, type Measurement } from './generator.ts';

/**
 * h2load of nghttp2: HTTP/2 without gRPC, in C. It sends the bytes of a call and sees that HTTP went well; a gRPC status it does not read.
 */
export const h2load: Generator = {
  name: 'h2load',
  async measure({ leg, seconds, workDir, signal }) {
    const [message, log] = [join(workDir, 'message.bin'), join(workDir, `h2load-${leg.side}.log`)];
    await writeFile(message, framed(callText));
    // It appends, and ends with 0 though nobody answers: requests of before must not be taken for these.
    await rm(log, { force: true });
    const result = await execa(
      'h2load',
      [
        ...['-c', String(connections), '-t', '1', '-m', '10'],
        ...['--rps', String(leg.rateRps / connections), '-D', `${seconds}s`],
        ...['-d', message, '-H', 'content-type: application/grpc', '-H', 'te: trailers'],
        ...(leg.authority === undefined ? [] : ['-H', `host: ${leg.authority}`]),
        ...['--log-file', log],
        `http://${leg.target}/echo.Echo/Echo`,
      ],
      { stdin: 'ignore', all: true, reject: false, cancelSignal: signal },
    );
    signal.throwIfAborted();
    if (result.code === 'ENOENT')
      throw new Error('not installed: there is no h2load in PATH (Debian has it in nghttp2-client)');
    if (result.failed) throw new Error(`h2load failed: ${result.all || result.shortMessage}`);
    return h2loadMeasurement(await readFile(log, 'utf8'), seconds);
  },
};

/** An EchoRequest as gRPC frames it: not compressed, length, field 1. */
export function framed(text: string): Buffer {
  const field = Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(field.length, 1);
  return Buffer.concat([head, field]);
}

/**
 * @param log - a line a request: start in microseconds, HTTP status, microseconds until the end of the answer
 * @throws Error - a request failed
 */
export function h2loadMeasurement(log: string, seconds: number): Measurement {
  const rows = log
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t').map(Number));
  const failed = rows.filter(([, status]) => status !== 200).length;
  if (failed > 0 || rows.length === 0)
    throw new Error(`${failed} of ${rows.length} requests of h2load failed`);
  return { latenciesMs: rows.map(([, , us = NaN]) => us / 1000), rateRps: rows.length / seconds };
}
