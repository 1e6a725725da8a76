import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodeOf, messageOf } from '../../common/errors.ts';
import { LocalProvider } from '../local/local-provider.ts';

/**
 * A program for the tests, run in user, mount and pid namespaces of its own: starts a cluster with its state on a disk of that size,
 * waits until no other process is left, and prints what was said, its exit code and the files that are left.
 */
const [dir = '', size = ''] = process.argv.slice(2);
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'full', dir]);
process.env['ROUTEPROOF_STATE'] = dir;
const failure: unknown = await new LocalProvider()
  .up({ name: 'full', lifetime: 'detached' })
  .catch((error: unknown) => error);
const files = readdirSync(dir, { recursive: true });
// What has been killed is not gone in the same moment; the test's limit is the deadline.
while (otherProcesses().length > 0) await delay(10);
console.log(JSON.stringify({ message: messageOf(failure), exitCode: exitCodeOf(failure), files }));

function otherProcesses(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
}
