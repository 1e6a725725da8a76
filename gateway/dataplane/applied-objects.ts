import { hash } from 'node:crypto';
import type { ApiClient } from '../provider/api-client.ts';
import type { KubeObject } from '../provider/object-store.ts';
import type { AppliedObject } from './proxy-objects.ts';

interface Applied {
  /** What was applied, as JSON. */
  text: string;
  /** What the API server made of it; see `versionOf` and `essenceOf`. */
  version: number;
  essence: string;
}

/** What was applied, by path of the API: it is applied again only when it has changed, or when somebody else edited or deleted it. */
export class AppliedObjects {
  readonly #client: Pick<ApiClient, 'json'>;
  readonly #applied = new Map<string, Applied>();
  /** Whose answer is under way; one that is not in it any more when the answer comes was forgotten meanwhile. */
  readonly #sent = new Map<string, object>();
  /** Outlive `forgetAll`: what this process made is its own, whatever labels say. */
  readonly #uids = new Map<string, string>();
  /** Objects that nobody had edited, or whose edits are known. */
  readonly #checked = new WeakSet<KubeObject>();

  constructor(client: Pick<ApiClient, 'json'>) {
    this.#client = client;
  }

  /**
   * @returns whether it had to be applied
   * @throws ApiStatusError, or the error of the connection
   */
  async apply({ collection, object }: AppliedObject): Promise<boolean> {
    const path = `${collection}/${object.metadata.name}`;
    const text = JSON.stringify(object);
    if (this.#applied.get(path)?.text === text) return false;
    this.#sent.set(path, object);
    const made = await this.#client.json<KubeObject>({
      method: 'PATCH',
      path: `${path}?fieldManager=routeproof-gateway&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    if (this.#sent.get(path) !== object) return true;
    this.#sent.delete(path);
    this.#applied.set(path, { text, version: versionOf(made), essence: essenceOf(made) });
    if (made.metadata.uid !== undefined) this.#uids.set(path, made.metadata.uid);
    return true;
  }

  /** Whether `edited` has been asked about that very object: a cheap question, for each of a thousand Gateways. */
  isChecked(object: KubeObject): boolean {
    return this.#checked.has(object);
  }

  /**
   * Forgets the object when somebody else edited it, so that it is applied again. Compared with what the API server made of it, so
   * that a webhook may have the last word.
   */
  edited(path: string, object: KubeObject): boolean {
    this.#checked.add(object);
    const applied = this.#applied.get(path);
    if (applied === undefined || versionOf(object) <= applied.version) return false;
    if (essenceOf(object) === applied.essence) return false;
    return this.#applied.delete(path);
  }

  /** Whether this process made that object. */
  made(path: string, { metadata: { uid } }: KubeObject): boolean {
    return uid !== undefined && uid === this.#uids.get(path);
  }

  /**
   * The object is gone, or is to go.
   *
   * @returns whether it had been applied, or is about to be
   */
  forget(path: string): boolean {
    this.#uids.delete(path);
    const isApplied = this.#applied.delete(path);
    return this.#sent.delete(path) || isApplied;
  }

  /** Has everything applied again. */
  forgetAll(): void {
    this.#applied.clear();
    this.#sent.clear();
  }
}

/** Later versions are greater numbers (KEP-5504). */
function versionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}

/** What only an edit changes: neither status nor what Kubernetes itself notes in a Deployment's annotations. */
function essenceOf(object: KubeObject): string {
  const { metadata, spec, data } = object as KubeObject & { spec?: unknown; data?: unknown };
  const { labels, ownerReferences, annotations = {} } = metadata;
  const written = Object.entries(annotations).filter(
    ([name]) => !name.startsWith('deployment.kubernetes.io/'),
  );
  return hash('sha256', JSON.stringify([labels, ownerReferences, written, spec, data]));
}
