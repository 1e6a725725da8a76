import { messageOf } from '../../../common/errors.ts';
import { given } from '../../../common/given.ts';
import { describeObject } from '../../../common/object-key.ts';
import { knownKind } from '../../kube/kinds.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { Evidence } from '../../results/run.ts';
import type { ScenarioCore } from '../core/core.ts';
import { oneLine } from '../core/verdict.ts';
import { clusterTroubles } from './cluster-troubles.ts';
import { configDumps } from './config-dump.ts';
import { podLogs } from './logs.ts';

/**
 * Keeps what explains the verdict before the objects go. On a pass that is the calls; on everything else also the objects with
 * their status, the namespaces' events and the log lines of controller and proxy pods in the scenario's time, and what proxies were told of it.
 */
export async function collectEvidence(
  core: ScenarioCore,
  of: { full: boolean; error: unknown },
): Promise<Evidence> {
  const evidence: Evidence = { objects: [], calls: core.calls, logs: [] };
  if (of.error instanceof Error && of.error.stack !== undefined) {
    evidence.logs.push({ source: 'scenario', lines: of.error.stack.split('\n') });
  }
  if (!of.full) return evidence;
  const keep = async (what: string, collect: () => Promise<void>): Promise<void> => {
    try {
      await collect();
    } catch (error) {
      evidence.logs.push({
        source: 'evidence',
        lines: [`${what} could not be read: ${oneLine(messageOf(error))}`],
      });
    }
  };
  await Promise.all([
    keep('objects', async () => {
      evidence.objects = await currentObjects(core);
    }),
    keep('events', () => addEvents(core)),
    keep('logs', async () => {
      evidence.logs.push(...(await podLogs(core)));
    }),
    keep('logs of the cluster', async () => {
      const { clusterLogDir } = core.env;
      if (clusterLogDir !== undefined)
        evidence.logs.push(...(await clusterTroubles(clusterLogDir, core.startedAt)));
    }),
    keep('configurations of proxies', async () => {
      evidence.logs.push(...(await configDumps(core)));
    }),
  ]);
  return evidence;
}

async function currentObjects(core: ScenarioCore): Promise<unknown[]> {
  const { kube } = core.env;
  const shown = [...core.applied.values()].filter(
    (object) => object.kind !== 'Secret' && object.kind !== 'EndpointSlice',
  );
  return Promise.all(
    shown.map(async (object) => {
      const info =
        knownKind(object.kind ?? '', object.apiVersion) ??
        (await kube.kindInfo(object.kind ?? '', object.apiVersion));
      try {
        return trimmed(
          await kube.get<KubeObject>(info, object.metadata?.namespace, object.metadata?.name ?? ''),
        );
      } catch (error) {
        return {
          apiVersion: object.apiVersion,
          kind: object.kind,
          metadata: object.metadata,
          unreadable: messageOf(error),
        };
      }
    }),
  );
}

/** Without managedFields: longer than the object, and of no use to a reader. */
function trimmed(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  delete copy.metadata?.managedFields;
  return copy;
}

interface KubeEvent extends KubeObject {
  involvedObject?: { kind?: string; namespace?: string; name?: string };
  reason?: string;
  message?: string;
  type?: string;
  count?: number;
}

async function addEvents(core: ScenarioCore): Promise<void> {
  const info = await core.env.kube.kindInfo('Event');
  for (const namespace of core.namespaces.keys()) {
    const { items } = await core.env.kube.list<KubeEvent>(info, namespace);
    for (const event of items) {
      const { kind, namespace: of, name } = event.involvedObject ?? {};
      core.timeline.add({
        kind: 'event',
        object: describeObject({ kind, metadata: { namespace: of, name } }),
        text: `${event.reason ?? ''}: ${event.message ?? ''}`,
        ok: event.type !== 'Warning',
        ...given({ count: event.count }),
      });
    }
  }
}
