import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { messageOf } from '../common/errors.ts';
import { Controller } from './controller.ts';
import type { Pipeline } from './pipeline.ts';
import { serveHealth } from './health.ts';
import { inClusterConfig } from './provider/api-client.ts';

const healthPort = 8081;
/** How long the end may take: an API server that does not answer is left to find out by itself that the leader is gone. */
const longestEndMs = 5000;

const log = pino({
  level: process.env['LOG_LEVEL'] ?? 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
});

/**
 * Runs the controller in its pod until a signal ends it; ends the process with code 1 when it cannot start.
 *
 * @param pipelineOf - makes the pipeline; `refresh` has it asked again soon, for pipelines that depend on the time
 */
export function startController(pipelineOf: (refresh: () => void) => Pipeline): void {
  // The heap may grow to 1.5 times what was alive when it was last collected, not to four times: NODE_OPTIONS takes no such flag.
  setFlagsFromString('--heap-growing-percent=50');
  run(pipelineOf).catch((error: unknown) => {
    log.fatal({ err: error }, messageOf(error));
    process.exit(1);
  });
}

async function run(pipelineOf: (refresh: () => void) => Pipeline): Promise<void> {
  const started: { controller?: Controller } = {};
  // From the start: a container's first process that has no handler for a signal is not ended by it.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'ending');
      void Promise.race([started.controller?.stop(), pause(longestEndMs)]).then(() => process.exit(0));
    });
  }
  serveHealth(healthPort, () => started.controller !== undefined);
  started.controller = await Controller.start({
    pipeline: pipelineOf(() => started.controller?.refresh()),
    api: inClusterConfig(process.env),
    controllerName: process.env['CONTROLLER_NAME'] ?? 'routeproof.dev/gateway-controller',
    proxyImage: process.env['PROXY_IMAGE'] ?? 'docker.io/envoyproxy/envoy:v1.40.0',
    serviceName: process.env['SERVICE_NAME'] ?? 'routeproof-gateway',
    xdsPort: 18000,
    pod: {
      name: process.env['POD_NAME'] ?? hostname(),
      address: process.env['POD_IP'] ?? '127.0.0.1',
    },
    log,
  });
  log.info({ startedInMs: Math.round(performance.now()) }, 'ready');
}
