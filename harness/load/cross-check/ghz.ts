import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot, toolPath } from '../../../common/tools.ts';
import { callText, connections, type Generator, type Measurement } from './generator.ts';

interface Output {
  count: number;
  /** Nanoseconds. */
  total: number;
  statusCodeDistribution: Record<string, number>;
  details: { latency: number }[];
}

/** https://ghz.sh: a gRPC benchmark on the library of Go, which k6 uses too, without a JavaScript engine. */
export const ghz: Generator = {
  name: 'ghz',
  async measure({ leg, seconds, workDir, signal }) {
    const output = join(workDir, `ghz-${leg.side}.json`);
    const result = await execa(
      toolPath('ghz'),
      [
        '--insecure',
        ...['--proto', join(projectRoot, 'echo-server/proto/echo.proto')],
        ...['--call', 'echo.Echo.Echo'],
        ...['--data', JSON.stringify({ text: callText })],
        ...(leg.authority === undefined ? [] : ['--authority', leg.authority]),
        // An open model, as k6's: the next call does not wait for the answer to the last one.
        '--async',
        ...['--rps', String(leg.rateRps), '--total', String(Math.round(leg.rateRps * seconds))],
        ...['--concurrency', String(connections), '--connections', String(connections)],
        ...['--format', 'json', '--output', output],
        leg.target,
      ],
      { stdin: 'ignore', all: true, reject: false, cancelSignal: signal },
    );
    signal.throwIfAborted();
    if (result.failed) throw new Error(`ghz failed: ${result.all || result.shortMessage}`);
    return ghzMeasurement(await readFile(output, 'utf8'));
  },
};

/** @throws Error - a call failed */
export function ghzMeasurement(json: string): Measurement {
  const { count, total, statusCodeDistribution, details } = JSON.parse(json) as Output;
  const { OK = 0, ...others } = statusCodeDistribution;
  if (OK < count)
    throw new Error(`${count - OK} of ${count} calls of ghz failed: ${Object.keys(others).join(', ')}`);
  return { latenciesMs: details.map(({ latency }) => latency / 1e6), rateRps: count / (total / 1e9) };
}
