/** unary-latency in one of several pods: routeproof load --runner. */
import './shared/parameters.k6.ts';
import { options as alone, unary as call } from './unary-latency.k6.ts';
import { began, deliver, podOptions, waitForStart } from './shared/pods.k6.ts';

export const options = podOptions(alone);

export { deliver as handleSummary, waitForStart as setup };

export function unary(): void {
  began();
  call();
}
