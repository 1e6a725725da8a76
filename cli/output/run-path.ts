import { join } from 'node:path';

/** The run.json that a path names: itself, or the folder that holds it. */
export function runFile(path: string): string {
  return path.endsWith('.json') ? path : join(path, 'run.json');
}
