import type { XdsResource } from './resource.ts';

interface Made {
  parts: readonly unknown[];
  resource: XdsResource;
}

/**
 * Remembers resources between two runs of toXds, so that what did not change is not encoded again: with 3,000 hosts a run takes
 * well under a millisecond. One memo a Gateway.
 */
export class XdsMemo {
  /** By identity: whoever makes the IR keeps an object as long as its content stays. */
  readonly #byInput = new WeakMap<object, Map<string, XdsResource>>();
  /** The last resource of each name, for inputs that are made anew each time. */
  #previous = new Map<string, Made>();
  #current = new Map<string, Made>();

  /** @param use - tells resources apart that are made from one object, such as a host in two tables */
  ofObject(input: object, use: string, build: () => XdsResource): XdsResource {
    let uses = this.#byInput.get(input);
    if (uses === undefined) {
      uses = new Map();
      this.#byInput.set(input, uses);
    }
    let resource = uses.get(use);
    if (resource === undefined) {
      resource = build();
      uses.set(use, resource);
    }
    return resource;
  }

  /** @param parts - all that the resource is made from: unchanged when each is the same value or object */
  ofParts(name: string, parts: readonly unknown[], build: () => XdsResource): XdsResource {
    const known = this.#previous.get(name);
    const made = known !== undefined && sameParts(known.parts, parts) ? known : { parts, resource: build() };
    this.#current.set(name, made);
    return made.resource;
  }

  /** Ends a run: names that it did not ask for are forgotten. */
  sweep(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }
}

function sameParts(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}
