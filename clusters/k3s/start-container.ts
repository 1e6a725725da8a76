/**
 * Usage: node start-container.ts REQUEST, see start-request.ts. Ends when its standard input does, and the service of podman that it has
 * started ends with it.
 */
import { messageOf } from '../../common/errors.ts';
import { openEngineApi, type EngineApi } from './engine-api.ts';
import { StartFailure, type StartRequest, type StartResult } from './start-request.ts';

async function start(request: StartRequest, api: EngineApi): Promise<StartResult> {
  if (api.dockerHost !== undefined) process.env['DOCKER_HOST'] = api.dockerHost;
  // After that: it reads the variable once.
  const { startNode } = await import('./start-node.ts');
  return { kubeconfig: await startNode(request, (line) => process.stderr.write(`${line}\n`)) };
}

function failureOf(error: unknown, object: string): StartResult {
  if (error instanceof StartFailure) return { failure: error.failure };
  const hint = 'see docs/clusters.md, A cluster of k3s';
  const what = 'testcontainers could not start the node';
  return { failure: { code: 'CLUSTER_START_FAILED', what, object, seen: messageOf(error), hint } };
}

const request = JSON.parse(process.argv[2] ?? '{}') as StartRequest;
let api: EngineApi | undefined;
let result: StartResult;
process.stdin.resume().once('close', () => {
  void Promise.resolve(api?.close()).then(() => process.exit(1));
});
try {
  api = await openEngineApi(request.engine);
  result = await start(request, api);
} catch (error) {
  result = failureOf(error, `container ${request.node}`);
}
await api?.close();
// Connections to the engine that are kept for later calls would keep the process.
process.stdout.write(JSON.stringify(result), () => process.exit(0));
