import { aged, created } from '../conflicts/conflicts.ts';
import type { FaultHooks } from '../fault.ts';
import { httpsOnly } from './https-only.ts';

/**
 * As kgateway's GRPCRoute guide tells it: GRPCRoutes on HTTPS listeners only, and a hostname that an HTTPRoute claims on a listener is
 * refused to every GRPCRoute there.
 */
export function kgatewayGuide(): FaultHooks {
  const https = httpsOnly();
  const conflicts = aged((route, kind) => (kind === 'HTTPRoute' ? 0 : created(route)));
  return { input: (input) => conflicts.input(https.input(input)) };
}
