import { podTroubles, type Pod as PodStatus } from '../../base/pod-trouble.ts';
import { gatewayLabel } from '../../proxies/pods.ts';
import type { ScenarioCore } from '../core/core.ts';

export interface Pod extends PodStatus {
  spec?: { containers?: { name: string }[] };
}

const bytesPerContainer = 64 * 1024;
const linesPerContainer = 200;

/** Log lines, since the scenario's start, of the Gateways' pods and of those in the controller's namespaces. */
export async function podLogs(core: ScenarioCore): Promise<{ source: string; lines: string[] }[]> {
  const logs = await Promise.all((await podsInQuestion(core)).map((pod) => logsOf(core, pod)));
  return logs.flat().filter(({ lines }) => lines.length > 0);
}

/** Pods of the scenario's Gateways, and of the shared one. */
async function podsOfGateways(core: ScenarioCore): Promise<Pod[]> {
  const namespaces = [...core.namespaces.keys(), core.env.baseNamespace];
  const found = await Promise.all(namespaces.map((namespace) => pods(core, namespace, gatewayLabel)));
  return found.flat();
}

/** Lines about those that are not ready; none where they cannot be read. */
export async function unreadyPods(core: ScenarioCore): Promise<string[]> {
  try {
    return await podTroubles(core.env.kube, await podsOfGateways(core));
  } catch {
    // It is told beside a failure, which is told in any case.
    return [];
  }
}

/** The Gateways' pods and those in the controller's namespaces. */
export async function podsInQuestion(core: ScenarioCore): Promise<Pod[]> {
  const proxies = await podsOfGateways(core);
  const controllers = await Promise.all(core.env.logNamespaces.map((namespace) => pods(core, namespace)));
  return [...proxies, ...controllers.flat()];
}

async function pods(core: ScenarioCore, namespace: string, labelSelector?: string): Promise<Pod[]> {
  const info = await core.env.kube.kindInfo('Pod');
  const query = labelSelector === undefined ? {} : { labelSelector };
  return (await core.env.kube.list<Pod>(info, namespace, query)).items;
}

function logsOf(core: ScenarioCore, pod: Pod): Promise<{ source: string; lines: string[] }[]> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  return Promise.all(
    (pod.spec?.containers ?? []).map(async (container) => {
      const source = `pod ${namespace}/${name} ${container.name}`;
      try {
        const text = await core.env.kube.podLog(
          namespace,
          name,
          container.name,
          core.startedAt,
          bytesPerContainer,
        );
        return {
          source,
          lines: text
            .split('\n')
            .filter((line) => line !== '')
            .slice(-linesPerContainer),
        };
      } catch (error) {
        return { source, lines: [`(its log cannot be read: ${String(error)})`] };
      }
    }),
  );
}
