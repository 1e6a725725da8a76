import { execa } from 'execa';
import { RouteproofError, messageOf } from '../../common/errors.ts';
import { toolPath } from '../../common/tools.ts';

export interface K6Run {
  script: string;
  /** Given to the script with -e. */
  parameters: Record<string, string>;
  csvPath: string;
  signal: AbortSignal;
  /** Called with k6's process id as soon as there is one. */
  started?: (pid: number) => void;
}

/** k6's exit code when all ran and a threshold was crossed: the samples are complete, and say the same. */
const thresholdsCrossed = 99;
/** The last lines of k6 name the error; before them stand its banner and progress. */
const reportedLines = 20;

/**
 * Runs a k6 script to its end.
 *
 * @throws RouteproofError LOAD_FAILED - k6 is missing, or the script failed; with k6's output
 * @throws the signal's reason when it is aborted; k6 is then gone
 */
export async function runK6({ script, parameters, csvPath, signal, started }: K6Run): Promise<void> {
  signal.throwIfAborted();
  const options = Object.entries(parameters).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const running = execa(
    k6Path(),
    ['run', '--quiet', '--no-color', '--no-usage-report', '--out', `csv=${csvPath}`, ...options, script],
    {
      env: { K6_CSV_TIME_FORMAT: 'unix_micro' },
      stdin: 'ignore',
      all: true,
      reject: false,
      cancelSignal: signal,
      // k6 finishes its calls on SIGTERM; one that hangs on is not worth waiting for.
      forceKillAfterDelay: 1000,
    },
  );
  if (running.pid !== undefined) started?.(running.pid);
  const result = await running;
  signal.throwIfAborted();
  if (result.exitCode === 0 || result.exitCode === thresholdsCrossed) return;
  throw new RouteproofError('LOAD_FAILED', 'k6 could not run the benchmark', {
    object: script,
    seen: lastLines(result.all) || (result.shortMessage ?? 'k6 said nothing'),
    hint: 'run the same script by hand with k6; its first lines say how',
    cause: result,
  });
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-reportedLines).join('\n');
}

function k6Path(): string {
  try {
    return toolPath('k6');
  } catch (error) {
    throw new RouteproofError('LOAD_FAILED', 'the load generator is missing', {
      seen: messageOf(error),
      hint: 'run `make setup`',
      cause: error,
    });
  }
}
