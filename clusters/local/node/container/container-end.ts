import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../../../../common/given.ts';
import type { Container, ContainerState } from '../../../api/types.ts';
import { terminationLogName } from './base-root.ts';
import type { ProcessExit } from './container-process.ts';

// Kubelet's limits for a termination message.
const maxMessageBytes = 4096;
const fallbackLines = 80;
const fallbackBytes = 2048;

export interface EndedRun {
  container: Container;
  exit: ProcessExit;
  dir: string;
  logPath: string;
  startedAt: string;
  containerId: string;
  /** What of the machine may have made the program fail. */
  shortage: string | undefined;
}

/** The state of a container whose program has ended. */
export function terminatedState(run: EndedRun): NonNullable<ContainerState['terminated']> {
  const { exitCode, signal } = run.exit;
  const message = [terminationMessage(run), run.shortage].filter(Boolean).join('\n');
  return {
    exitCode,
    ...given({ signal }),
    reason: exitCode === 0 ? 'Completed' : 'Error',
    ...(message === '' ? {} : { message }),
    startedAt: run.startedAt,
    finishedAt: new Date().toISOString(),
    containerID: run.containerId,
  };
}

function terminationMessage({ container, exit, dir, logPath }: EndedRun): string {
  const written = readFileSync(join(dir, terminationLogName)).subarray(0, maxMessageBytes).toString();
  const fallback = container.terminationMessagePolicy === 'FallbackToLogsOnError' && exit.exitCode !== 0;
  if (written !== '' || !fallback) return written;
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-fallbackLines);
  return lines
    .map((line) => line.split(' ').slice(3).join(' '))
    .join('\n')
    .slice(-fallbackBytes);
}
