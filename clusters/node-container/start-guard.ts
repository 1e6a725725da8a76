import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ContainerEngine } from '../../common/container-engine.ts';

/** Said by a caller that lets its cluster be. */
export const detachWord = 'detach';

export interface Guard {
  /** The cluster is no longer the guard's to end. */
  release(): void;
}

/** In a session of its own: Ctrl-C is for those who run in the terminal. */
export function startGuard(script: URL, name: string, engine: ContainerEngine): Guard {
  const guard = spawn(process.execPath, [fileURLToPath(script), name, JSON.stringify(engine)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  // A guard that is gone has nothing to hear.
  guard.stdin.on('error', () => undefined);
  (guard.stdin as unknown as { unref(): void }).unref();
  return { release: () => void guard.stdin.end(detachWord) };
}
