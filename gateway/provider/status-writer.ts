import type { Logger } from 'pino';
import { objectKey } from '../../common/object-key.ts';
import type { StatusUpdate } from '../translate/model/types.ts';
import type { ApiClient } from './api-client.ts';
import { afterFailedWrite } from './failed-write.ts';

export interface StatusWriterOptions {
  client: Pick<ApiClient, 'json'>;
  /** The resourceVersion of the object that an update was computed from. */
  versionOf: (object: StatusedObject) => string | undefined;
  /** Called when a write failed in a way that no watch event will follow. */
  failed: () => void;
  log: Logger;
  /**
   * How long an object is left alone after a write of its status: resolves when its next write may go, of type 'counts' when that
   * changes no more than how many routes or listeners are attached.
   */
  rest: (from: 'any' | 'counts') => Promise<unknown>;
}

interface Write {
  update: StatusUpdate;
  version: string;
}

type StatusedObject = Pick<StatusUpdate, 'kind' | 'namespace' | 'name'>;

interface Texts {
  /** Without times, which differ between two computations of one status. */
  text: string;
  /** Without counts too. */
  rest: string;
}

interface Written extends Texts {
  object: StatusedObject;
  version: string;
}

/** Enough to fill a 2-core API server, few enough to leave it room for the watches that routes come in by. */
const concurrentWrites = 6;

/** Not worth a look: about 1 kB each. */
const fewWritten = 1000;

const apiVersion = 'gateway.networking.k8s.io/v1';

const plurals = {
  GatewayClass: 'gatewayclasses',
  Gateway: 'gateways',
  ListenerSet: 'listenersets',
  GRPCRoute: 'grpcroutes',
  HTTPRoute: 'httproutes',
  BackendTLSPolicy: 'backendtlspolicies',
};

/**
 * Writes statuses, the latest for each object, each only once for a version of the object, and none right after another. A conflict is dropped: the newer
 * object is on its way, and its status is computed anew.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  /**
   * What is of routes goes last. When a Gateway with 10,000 routes goes, each of them is written to; another Gateway that came meanwhile
   * would have to wait for the end of that.
   */
  readonly #waiting = { routes: new Map<string, Write>(), others: new Map<string, Write>() };
  readonly #written = new Map<string, Written>();
  /** When to look through them. */
  #mostWritten = fewWritten;
  readonly #writing = new Set<string>();
  readonly #resting = { any: new Set<string>(), counts: new Set<string>() };

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  write(updates: readonly StatusUpdate[]): void {
    for (const update of updates) {
      const version = this.#options.versionOf(update);
      if (version !== undefined) this.#queueOf(update).set(idOf(update), { update, version });
    }
    this.#pump();
  }

  /** Drops what waits, and what is known of what was written: somebody else writes now. */
  forget(): void {
    this.#waiting.routes.clear();
    this.#waiting.others.clear();
    this.#written.clear();
  }

  #queueOf({ kind }: StatusUpdate): Map<string, Write> {
    return kind === 'GRPCRoute' || kind === 'HTTPRoute' ? this.#waiting.routes : this.#waiting.others;
  }

  #pump(): void {
    for (const queue of [this.#waiting.others, this.#waiting.routes]) {
      for (const [id, write] of queue) {
        if (this.#writing.size >= concurrentWrites) return;
        if (this.#mustWait(id, write)) continue;
        queue.delete(id);
        void this.#writeOne(id, write);
      }
    }
  }

  #mustWait(id: string, { update }: Write): boolean {
    if (this.#writing.has(id) || this.#resting.any.has(id)) return true;
    return this.#resting.counts.has(id) && this.#written.get(id)?.rest === textsOf(update).rest;
  }

  async #writeOne(id: string, { update, version }: Write): Promise<void> {
    const made = textsOf(update);
    const before = this.#written.get(id);
    if (before?.version === version && before.text === made.text) return;
    const { kind, namespace, name } = update;
    const object = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
    this.#remember(id, { object, version, ...made });
    this.#writing.add(id);
    try {
      await this.#options.client.json({
        method: 'PUT',
        path: pathOf(update),
        // No more than this counts: the API server keeps spec and metadata of the stored object, and refuses any other version. It takes
        // half the time of a patch, which is made into an object first.
        body: {
          apiVersion,
          kind: update.kind,
          metadata: { name: update.name, namespace: update.namespace, resourceVersion: version },
          status: update.status,
        },
      });
    } catch (error) {
      this.#failed(id, error);
    } finally {
      this.#writing.delete(id);
      void this.#rest(id, 'any');
      void this.#rest(id, 'counts');
      this.#pump();
    }
  }

  async #rest(id: string, from: 'any' | 'counts'): Promise<void> {
    this.#resting[from].add(id);
    await this.#options.rest(from);
    this.#resting[from].delete(id);
    this.#pump();
  }

  /** What was written to objects that are gone is dropped now and then. */
  #remember(id: string, written: Written): void {
    this.#written.set(id, written);
    if (this.#written.size < this.#mostWritten) return;
    for (const [each, { object }] of this.#written)
      if (this.#options.versionOf(object) === undefined) this.#written.delete(each);
    this.#mostWritten = Math.max(fewWritten, 2 * this.#written.size);
  }

  #failed(id: string, error: unknown): void {
    this.#written.delete(id);
    const { log, failed } = this.#options;
    afterFailedWrite(error, { object: id, what: 'its status', log, failed });
  }
}

/** Fields of a Gateway's status that change with each of its routes and ListenerSets. */
const counts: readonly string[] = ['attachedRoutes', 'attachedListenerSets'];

/** A status that waits is looked at with each write of another. */
const texts = new WeakMap<StatusUpdate['status'], Texts>();

function textsOf({ status }: StatusUpdate): Texts {
  const known = texts.get(status);
  if (known !== undefined) return known;
  const text = textOf(status);
  const rest = textOf(status, counts);
  // Most statuses have no counts: one text is kept then.
  const made = { text, rest: rest === text ? text : rest };
  texts.set(status, made);
  return made;
}

function textOf(status: StatusUpdate['status'], without: readonly string[] = []): string {
  return JSON.stringify(status, (key, value: unknown) =>
    key === 'lastTransitionTime' || without.includes(key) ? undefined : value,
  );
}

function idOf({ kind, namespace, name }: StatusUpdate): string {
  return `${kind} ${objectKey(namespace, name)}`;
}

function pathOf({ kind, namespace, name }: StatusUpdate): string {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `/apis/${apiVersion}${scope}/${plurals[kind]}/${name}/status`;
}
