import type { ReplayedFault } from '../../common/gateway-recording.ts';
import { healthyPipeline } from '../pipeline.ts';
import { compare, courseOf, type Course } from '../replay/replay.ts';
import type { Fault, FaultContext, FaultHooks } from './fault.ts';
import { faulty } from './pipeline.ts';

/** A recording with what the image with faults makes of it while it has none. */
export function healthyCourse(steps: readonly string[]): Course {
  return courseOf(steps, faulty(healthyPipeline(), {}));
}

/**
 * Whether a fault would have made a difference to the recorded gateway. What it was given depends on what it wrote: as long as a fault
 * changes nothing, it is given the same.
 */
export function replayedFault({ name, hooks }: Pick<Fault, 'name' | 'hooks'>, course: Course): ReplayedFault {
  const used = new Set<keyof FaultContext>();
  const context: FaultContext = {
    refreshAfter: () => void used.add('refreshAfter'),
    annotate: () => void used.add('annotate'),
    now: () => (used.add('now'), 0),
  };
  const differs = new Set<string>();
  try {
    const made = hooks(context);
    if (isHidden(made)) return { fault: name, differs: 'unknown' };
    compare(course, faulty(healthyPipeline(), made), { differs, enough: 1 });
  } catch {
    return { fault: name, differs: 'unknown' };
  }
  if (differs.size > 0) return { fault: name, differs: 'yes' };
  return { fault: name, differs: used.size > 0 ? 'unknown' : 'no' };
}

/** Which hooks a translation shows; the others do something beside it. */
const isShown: Record<keyof FaultHooks, boolean> = {
  input: true,
  ir: true,
  xds: true,
  statuses: true,
  usedClasses: true,
  tellsAll: false,
  proxyObjects: false,
  forProxy: false,
  classFinalizers: false,
  writesRestlessly: false,
};

function isHidden(hooks: FaultHooks): boolean {
  return (Object.keys(hooks) as (keyof FaultHooks)[]).some(
    (name) => hooks[name] !== undefined && !isShown[name],
  );
}
