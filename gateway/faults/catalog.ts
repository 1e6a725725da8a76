import { RouteproofError } from '../../common/errors.ts';
import type { Area, Fault, ListedFault } from './fault.ts';
import { backends } from './backends.ts';
import { matching } from './matching.ts';
import { status } from './status.ts';

const byArea: Partial<Record<Area, readonly Fault[]>> = { matching, backends, status };

/** Every planted fault, area by area. */
export const faults: readonly ListedFault[] = Object.entries(byArea).flatMap(([area, list]) =>
  list.map((fault) => ({ ...fault, area: area as Area })),
);

/** The name of the healthy control: the image with faults, and none of them. */
export const noFault = 'none';

/**
 * The fault of that name, or none at all for `none`.
 *
 * @throws RouteproofError UNKNOWN_FAULT
 */
export function findFault(name: string): Pick<Fault, 'name' | 'hooks'> {
  if (name === noFault) return { name, hooks: () => ({}) };
  const fault = faults.find((each) => each.name === name);
  if (fault !== undefined) return fault;
  throw new RouteproofError('UNKNOWN_FAULT', `there is no fault ${JSON.stringify(name)}`, {
    object: 'FAULT',
    hint: `one of ${noFault}, ${faults.map((each) => each.name).join(', ')}`,
  });
}
