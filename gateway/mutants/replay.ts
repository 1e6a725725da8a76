/**
 * Translates a recording again with each mutant, and prints which objects then come out otherwise: a line of JSON for each mutant.
 *
 * Usage: node replay.mjs RECORDING, ids on stdin, one a line. Each scenario's part of the recording is translated by itself.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../common/errors.ts';
import type { ReplayedMutant } from '../../common/gateway-recording.ts';
import { healthyPipeline } from '../pipeline.ts';
import { linesOf } from '../replay/lines.ts';
import { aloneOf } from '../replay/recording.ts';
import { compare, courseOf, type Course } from '../replay/replay.ts';
import { activate, reached } from './switches.ts';

const enough = 12;
/** Beyond what the healthy translation needs. */
const hitShare = 50;

interface ReachingCourse extends Course {
  /** Ids of the mutants whose code it comes by. */
  reaches: ReadonlySet<string>;
}

function tryMutant(mutant: string, hitLimit: number, courses: readonly ReachingCourse[]): ReplayedMutant {
  const differs = new Set<string>();
  try {
    activate(mutant, hitLimit);
    for (const course of courses) {
      if (!course.reaches.has(mutant)) continue;
      compare(course, healthyPipeline(), { differs, enough });
      if (differs.size >= enough) return { mutant, differs: [...differs], more: true };
    }
    return { mutant, differs: [...differs] };
  } catch (error) {
    return { mutant, differs: [...differs], error: messageOf(error) };
  } finally {
    activate(undefined);
  }
}

function healthyCourse(steps: readonly string[]): ReachingCourse {
  const before = { ...reached() };
  const course = courseOf(steps, healthyPipeline());
  const reaches = Object.entries(reached()).flatMap(([id, count]) => (count === before[id] ? [] : [id]));
  return { ...course, reaches: new Set(reaches) };
}

const atStart = { ...reached() };
const steps = await Array.fromAsync(linesOf(process.argv[2]));
const courses = aloneOf(steps).map(healthyCourse);
const hits = { ...reached() };
for await (const mutant of linesOf(undefined)) {
  process.stdout.write(`${JSON.stringify(replayed(mutant))}\n`);
  // So that it is written, or it is noticed that nobody reads any more.
  await turn();
}

function replayed(mutant: string): ReplayedMutant {
  const count = hits[mutant];
  if (count === undefined) return { mutant, differs: [], skipped: 'unreached' };
  const line = tryMutant(mutant, count * hitShare + 1000, courses);
  const isActive = atStart[mutant] === undefined;
  return isActive || line.differs.length > 0 || line.error !== undefined
    ? line
    : { ...line, skipped: 'at-start' };
}
