import { objectKey } from '../../../common/object-key.ts';
import { serviceNameLabel } from './endpoints.ts';
import type { EndpointSlice } from '../model/gateway-api.ts';
import { listDiff } from '../../../common/list-diff.ts';

const none: readonly EndpointSlice[] = [];

/** EndpointSlices by Service. The list of a Service without a change keeps its identity. */
export class SliceIndex {
  readonly #groups = new Map<string, readonly EndpointSlice[]>();
  #list: readonly EndpointSlice[] = [];

  update(slices: readonly EndpointSlice[]): void {
    const { removed, added } = listDiff(this.#list, slices);
    if (removed.length + added.length === 0) return;
    this.#list = slices;
    for (const slice of removed) {
      const key = serviceKeyOf(slice);
      const rest = this.of(key).filter((each) => each !== slice);
      if (rest.length === 0) this.#groups.delete(key);
      else this.#groups.set(key, rest);
    }
    for (const slice of added) {
      const key = serviceKeyOf(slice);
      this.#groups.set(key, [...this.of(key), slice]);
    }
  }

  /** All of them: the same list until something changes. */
  get list(): readonly EndpointSlice[] {
    return this.#list;
  }

  of(serviceKey: string): readonly EndpointSlice[] {
    return this.#groups.get(serviceKey) ?? none;
  }
}

/** Keys of Services whose slices differ between two lists. */
export function changedServices(
  previous: readonly EndpointSlice[],
  next: readonly EndpointSlice[],
): Set<string> {
  const { removed, added } = listDiff(previous, next);
  return new Set([...removed, ...added].map(serviceKeyOf));
}

function serviceKeyOf({ metadata }: EndpointSlice): string {
  return objectKey(metadata.namespace, metadata.labels?.[serviceNameLabel] ?? '');
}
