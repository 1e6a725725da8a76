import type { XdsResource } from './resource.ts';

interface Entry {
  input: unknown;
  text: string | undefined;
  resource: XdsResource;
}

/**
 * Remembers resources between two runs of toXds, so that what did not change is not encoded again. An input that is the same
 * object is unchanged; another object with the same content costs a JSON.stringify (about 2 µs for one host).
 * One memo a Gateway: entries that a run does not ask for are forgotten with `sweep`.
 */
export class XdsMemo {
  #previous = new Map<string, Entry>();
  #current = new Map<string, Entry>();

  resource(key: string, input: unknown, build: () => XdsResource): XdsResource {
    const known = this.#previous.get(key);
    const entry = known === undefined ? undefined : refresh(known, input);
    const kept = entry ?? { input, text: undefined, resource: build() };
    this.#current.set(key, kept);
    return kept.resource;
  }

  sweep(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }
}

function refresh(entry: Entry, input: unknown): Entry | undefined {
  if (sameInput(entry.input, input)) return entry;
  entry.text ??= JSON.stringify(entry.input);
  if (entry.text !== JSON.stringify(input)) return undefined;
  entry.input = input;
  return entry;
}

/** The same object, or two lists of the same objects. */
function sameInput(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => item === right[index]);
}
