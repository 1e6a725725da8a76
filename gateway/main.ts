import { createServer } from 'node:http';
import { pino } from 'pino';
import { messageOf } from '../common/errors.ts';
import { Controller } from './controller.ts';
import { inClusterConfig } from './provider/api-client.ts';
import { Translator } from './translate/translator.ts';
import { toXds } from './xds/to-xds.ts';

/** Answered by kubelet's probe: 200 once everything was listed and proxies are served. */
const healthPort = 8081;

const log = pino({
  level: process.env['LOG_LEVEL'] ?? 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
});

async function main(): Promise<void> {
  const translator = new Translator();
  const controller = await Controller.start({
    pipeline: { translate: (input) => translator.translate(input), toXds },
    api: inClusterConfig(process.env),
    controllerName: process.env['CONTROLLER_NAME'] ?? 'routeproof.dev/gateway-controller',
    proxyImage: process.env['PROXY_IMAGE'] ?? 'docker.io/envoyproxy/envoy:v1.40.0',
    serviceName: process.env['SERVICE_NAME'] ?? 'routeproof-gateway',
    xdsPort: 18000,
    log,
  });
  createServer((_request, response) => response.end('ready\n')).listen(healthPort);
  log.info({ startedInMs: Math.round(performance.now()) }, 'ready');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'ending');
      controller.stop();
      process.exit(0);
    });
  }
}

main().catch((error: unknown) => {
  log.fatal({ err: error }, messageOf(error));
  process.exit(1);
});
