import type { Subject } from './subject.ts';
import { routePropagation } from './route-propagation.ts';

/** In the order in which they run. */
export const controlPlaneSubjects: readonly Subject[] = [routePropagation];
