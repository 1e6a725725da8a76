/**
 * Translates a recording of the healthy gateway again with each fault, and says whether anything then comes out otherwise: a line of
 * JSON for each fault.
 *
 * Usage: node replay.ts RECORDING, names on stdin, one a line.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { linesOf } from '../replay/lines.ts';
import { findFault } from './catalog.ts';
import { healthyCourse, replayedFault } from './replayed-fault.ts';

const course = healthyCourse(await Array.fromAsync(linesOf(process.argv[2])));
for await (const name of linesOf(undefined)) {
  process.stdout.write(`${JSON.stringify(replayedFault(findFault(name), course))}\n`);
  // So that it is written, or it is noticed that nobody reads any more.
  await turn();
}
