import { attachedRoutes } from './attached-routes.ts';
import { callLoss } from './call-loss.ts';
import { endpointChurn } from './endpoint-churn.ts';
import { gatewayScale } from './gateway-scale.ts';
import { restart } from './restart.ts';
import { routeChange } from './route-change.ts';
import { routePropagation } from './route-propagation.ts';
import { routeScale } from './route-scale.ts';
import type { Subject } from './subject.ts';

/** In the order in which they run. */
export const controlPlaneSubjects: readonly Subject[] = [
  attachedRoutes,
  routePropagation,
  routeChange,
  routeScale,
  endpointChurn,
  gatewayScale,
  restart,
  callLoss,
];
