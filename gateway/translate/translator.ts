import { keyOf } from '../../common/object-key.ts';
import type { IrGateway } from '../ir/ir.ts';
import type { AttachContext } from './routes/attach.ts';
import { CaReader } from './backends/ca-certificates.ts';
import { CertificateReader } from './gateways/certificates.ts';
import { classProblem, classStatus } from './class-status.ts';
import { ClusterTable } from './routes/clusters.ts';
import { compareText } from './memory/compare-text.ts';
import type { Gateway, ListenerSet, ListenerSetStatus } from './model/gateway-api.ts';
import { gatewayModel, ownListeners } from './gateways/gateway-model.ts';
import type { GatewayModel } from './gateways/gateway-model.ts';
import { GatewayStatuses } from './gateways/gateway-status.ts';
import { IndexMemory } from './indexes.ts';
import type { Indexes } from './indexes.ts';
import { isAccepted } from './gateways/listener-model.ts';
import type { ListenerModel } from './gateways/listener-model.ts';
import { ListenerSetStatuses } from './gateways/listener-set-status.ts';
import { joined } from './memory/list-edit.ts';
import { deepEqual, sameElements } from './memory/memo.ts';
import { PolicyStatuses } from './policy-status.ts';
import { RouteMemory } from './routes/route-memory.ts';
import { RouteStatuses } from './routes/route-status.ts';
import { TableBuilder } from './tables.ts';
import type { StatusUpdate, TranslateInput, Translation } from './model/types.ts';
import { Judge } from './routes/verdicts.ts';
import type { Outcome } from './routes/verdicts.ts';
import type { ServedRoute } from './routes/served-route.ts';

/** What is kept for one Gateway between runs. */
interface GatewayMemory {
  /** All that the model was made from. */
  parts: readonly unknown[];
  model: GatewayModel;
  tables: TableBuilder;
  clusters: ClusterTable;
  ir?: IrGateway;
  /** All that the IR was built from. */
  builtFrom?: readonly unknown[];
}

/**
 * Kubernetes objects in, one IrGateway a Gateway and every status out. The result depends on the input alone; what is
 * remembered between calls only saves time, and keeps the identity of every part of the IR that has not changed.
 */
export class Translator {
  #memory = new Memory();

  translate(input: TranslateInput): Translation {
    try {
      return this.#memory.translate(input);
    } catch (error) {
      // Its parts may be of two different states now.
      this.#memory = new Memory();
      throw error;
    }
  }
}

/** Each part compares what it is given with what it was given the last time, and works on the difference. */
class Memory {
  readonly #certificates = new CertificateReader();
  readonly #cas = new CaReader();
  readonly #indexes = new IndexMemory(this.#cas);
  #routes = new RouteMemory();
  #backoffIsMinimum = false;
  readonly #judge = new Judge();
  readonly #gatewayStatuses = new GatewayStatuses();
  readonly #setStatuses = new ListenerSetStatuses();
  readonly #routeStatuses = new RouteStatuses();
  readonly #policyStatuses = new PolicyStatuses();
  #attach: AttachContext | undefined;
  #gateways = new Map<string, GatewayMemory>();

  translate(input: TranslateInput): Translation {
    const indexes = this.#indexes.of(input);
    this.#forgetRoutesOfOtherRelease(indexes);
    const classes = classify(input);
    const gateways = this.#models(input, classes.accepted, indexes);
    const entries = this.#routes.entries(
      { GRPCRoute: input.objects.grpcRoutes, HTTPRoute: input.objects.httpRoutes },
      { references: indexes.references, attach: this.#attachContext(gateways, indexes) },
    );
    const outcome = this.#judge.judge(entries, input.proxies);
    return {
      gateways: this.#build(gateways, outcome, indexes),
      listenerless: new Set(
        [...gateways.values()].flatMap((model) => (ownListeners(model).some(isAccepted) ? [] : model.key)),
      ),
      statuses: [
        ...classes.statuses,
        ...this.#gatewayUpdates(input, classes, gateways, outcome),
        ...this.#setUpdates(input, classes, { models: gateways, indexes, outcome }),
        ...this.#routeStatuses.updates(outcome.routes, input),
        ...this.#policyStatuses.updates(input, indexes.backendTls, outcome),
      ],
      usedClasses: new Set(input.objects.gateways.map(({ spec }) => spec.gatewayClassName)),
    };
  }

  /** What a backoff means depends on the release of the CRDs, and nothing else that routes are compiled by does. */
  #forgetRoutesOfOtherRelease({ references: { backoffIsMinimum } }: Indexes): void {
    if (backoffIsMinimum !== this.#backoffIsMinimum) this.#routes = new RouteMemory();
    this.#backoffIsMinimum = backoffIsMinimum;
  }

  /** The same object as long as no Gateway model and no namespace has changed. */
  #attachContext(gateways: ReadonlyMap<string, GatewayModel>, indexes: Indexes): AttachContext {
    const { namespaces, namespaceLabels } = indexes;
    if (
      this.#attach?.namespaceLabels !== namespaceLabels ||
      !sameElements([...this.#attach.gateways.values()], [...gateways.values()])
    ) {
      this.#attach = { gateways, listenerSets: gatewaysBySet(gateways), namespaces, namespaceLabels };
    }
    return this.#attach;
  }

  #gatewayUpdates(
    { objects, proxies, now }: TranslateInput,
    { own }: Classes,
    models: ReadonlyMap<string, GatewayModel>,
    { served }: Outcome,
  ): StatusUpdate[] {
    return sortedByKey(objects.gateways).flatMap((gateway) => {
      if (!own.has(gateway.spec.gatewayClassName)) return [];
      const key = keyOf(gateway);
      const model = models.get(key);
      const listeners = model === undefined ? [] : ownListeners(model);
      const attached = listeners.map((listener) => served.get(listener)?.length ?? 0);
      const status = this.#gatewayStatuses.update({ gateway, model, proxy: proxies.get(key), attached, now });
      return status === undefined ? [] : [gatewayUpdate(gateway, status)];
    });
  }

  /** Those whose Gateway is of a class of ours, or is gone: what somebody else's is, or nobody's, is not ours to say. */
  #setUpdates(
    { objects, proxies, now }: TranslateInput,
    { own }: Classes,
    { models, indexes, outcome }: Judged,
  ): StatusUpdate[] {
    if (indexes.listenerSets.size === 0) return [];
    const attached = (listener: ListenerModel): number => outcome.served.get(listener)?.length ?? 0;
    const updateOf = ({ metadata }: ListenerSet, status: ListenerSetStatus | undefined): StatusUpdate[] =>
      status === undefined
        ? []
        : [{ kind: 'ListenerSet', namespace: metadata.namespace ?? '', name: metadata.name, status }];
    const known = new Set(objects.gateways.map(keyOf));
    const orphans = [...indexes.listenerSets].flatMap(([key, sets]) => (known.has(key) ? [] : sets));
    const attachedSets = sortedByKey(objects.gateways).flatMap((gateway) => {
      if (!own.has(gateway.spec.gatewayClassName)) return [];
      const key = keyOf(gateway);
      const common = { gateway, model: models.get(key), proxy: proxies.get(key), attached, now };
      return (indexes.listenerSets.get(key) ?? []).flatMap((set) =>
        updateOf(set, this.#setStatuses.update({ set, ...common }, keyOf(set))),
      );
    });
    return [
      ...attachedSets,
      ...sortedByKey(orphans).flatMap((set) => updateOf(set, this.#setStatuses.withoutGateway(set, now))),
    ];
  }

  #models(
    input: TranslateInput,
    accepted: ReadonlySet<string>,
    { listenerSets, ...indexes }: Indexes,
  ): Map<string, GatewayModel> {
    const memories = new Map<string, GatewayMemory>();
    const { secrets, references, configMaps, namespaceLabels } = indexes;
    const context = { ...indexes, certificates: this.#certificates, cas: this.#cas };
    for (const gateway of sortedByKey(input.objects.gateways)) {
      if (!accepted.has(gateway.spec.gatewayClassName)) continue;
      const key = keyOf(gateway);
      const sets = listenerSets.get(key) ?? [];
      const labels = sets.map(({ metadata }) => namespaceLabels(metadata.namespace ?? ''));
      const cas = gateway.spec.tls?.frontend === undefined ? undefined : configMaps;
      const parts = [gateway, secrets, references, cas, ...sets, ...labels];
      const known = this.#gateways.get(key);
      if (known === undefined) {
        const model = gatewayModel(gateway, sets, context);
        memories.set(key, { parts, model, tables: new TableBuilder(), clusters: new ClusterTable() });
        continue;
      }
      if (!sameElements(known.parts, parts)) {
        const model = gatewayModel(gateway, sets, context);
        if (!deepEqual(known.model, model)) known.model = keepListeners(known.model, model);
        known.parts = parts;
      }
      memories.set(key, known);
    }
    this.#gateways = memories;
    return new Map([...memories].map(([key, { model }]) => [key, model]));
  }

  #build(
    models: ReadonlyMap<string, GatewayModel>,
    { served }: Outcome,
    indexes: Indexes,
  ): Map<string, IrGateway> {
    const gateways = new Map<string, IrGateway>();
    for (const [key, memory] of this.#gateways) {
      const model = models.get(key);
      if (model === undefined || model.rejected !== undefined) continue;
      const built = [model, indexes.slices.list, ...model.listeners.map((listener) => served.get(listener))];
      if (memory.ir === undefined || !sameElements(memory.builtFrom, built)) {
        const ports = memory.tables.ports(model, served);
        const clusters = memory.clusters.of(routesOf(model, served), indexes.slices);
        const shown = model.backendClient?.certificate;
        if (
          memory.ir?.ports !== ports ||
          memory.ir.clusters !== clusters ||
          memory.ir.backendClientCertificate !== shown
        )
          memory.ir = { key, ports, clusters, ...(shown && { backendClientCertificate: shown }) };
        memory.builtFrom = built;
      }
      gateways.set(key, memory.ir);
    }
    return gateways;
  }
}

interface Judged {
  models: ReadonlyMap<string, GatewayModel>;
  indexes: Indexes;
  outcome: Outcome;
}

interface Classes {
  /** Names of classes of ours. */
  own: Set<string>;
  accepted: Set<string>;
  statuses: StatusUpdate[];
}

function classify({ objects, controllerName, now }: TranslateInput): Classes {
  const classes: Classes = { own: new Set(), accepted: new Set(), statuses: [] };
  for (const gatewayClass of sortedByKey(objects.gatewayClasses)) {
    if (gatewayClass.spec.controllerName !== controllerName) continue;
    const { name } = gatewayClass.metadata;
    classes.own.add(name);
    if (classProblem(gatewayClass) === undefined) classes.accepted.add(name);
    const status = classStatus(gatewayClass, { crds: objects.crds, now });
    if (!deepEqual(status, gatewayClass.status)) {
      classes.statuses.push({ kind: 'GatewayClass', name, status });
    }
  }
  return classes;
}

function gatewayUpdate({ metadata }: Gateway, status: NonNullable<Gateway['status']>): StatusUpdate {
  return { kind: 'Gateway', namespace: metadata.namespace ?? '', name: metadata.name, status };
}

function routesOf(model: GatewayModel, served: Outcome['served']): readonly ServedRoute[] {
  const [only] = model.listeners;
  if (only !== undefined && model.listeners.length === 1) return served.get(only) ?? [];
  return joined(model.listeners.map((listener) => served.get(listener) ?? []));
}

function gatewaysBySet(gateways: ReadonlyMap<string, GatewayModel>): Map<string, GatewayModel> {
  return new Map(
    [...gateways.values()].flatMap((model) => model.sets.map(({ key }) => [key, model] as const)),
  );
}

/** Listeners that have not changed keep their identity, and with it all that was made for their routes. */
function keepListeners(known: GatewayModel, next: GatewayModel): GatewayModel {
  const previous = new Map(
    known.listeners.map((listener) => [`${listener.set ?? ''} ${listener.name}`, listener]),
  );
  const listeners = next.listeners.map((listener) => {
    const before = previous.get(`${listener.set ?? ''} ${listener.name}`);
    return before !== undefined && deepEqual(before, listener) ? before : listener;
  });
  return { ...next, listeners };
}

function sortedByKey<T extends { metadata: { name: string; namespace?: string } }>(
  objects: readonly T[],
): T[] {
  return [...objects].sort((left, right) => compareText(keyOf(left), keyOf(right)));
}
