import type { Mutant } from './mutant.ts';

/** Which scenarios to ask first: those that noticed mutants of the same file, then of the same folder, then of any. */
export class Order {
  readonly #caught = new Map<string, Map<string, number>>();

  noteCatch({ file }: Pick<Mutant, 'file'>, scenario: string): void {
    for (const place of placesOf(file)) {
      const counts = this.#caught.get(place) ?? new Map<string, number>();
      counts.set(scenario, (counts.get(scenario) ?? 0) + 1);
      this.#caught.set(place, counts);
    }
  }

  /** @param ids - in the order in which to ask where nothing is known */
  sorted({ file }: Pick<Mutant, 'file'>, ids: readonly string[]): string[] {
    const places = placesOf(file);
    const countsOf = (id: string): number[] => places.map((place) => this.#caught.get(place)?.get(id) ?? 0);
    const known = new Map(ids.map((id) => [id, countsOf(id)]));
    return ids.toSorted((a, b) => compareCounts(known.get(b) ?? [], known.get(a) ?? []));
  }
}

function placesOf(file: string): string[] {
  return [file, file.slice(0, file.lastIndexOf('/')), ''];
}

function compareCounts(left: readonly number[], right: readonly number[]): number {
  for (const [at, count] of left.entries()) {
    const difference = count - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
