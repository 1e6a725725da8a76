import { attachedRoutes } from './attached-routes.ts';
import { routeChange } from './route-change.ts';
import { routePropagation } from './route-propagation.ts';
import type { Subject } from './subject.ts';

/** In the order in which they run. */
export const controlPlaneSubjects: readonly Subject[] = [attachedRoutes, routePropagation, routeChange];
