/** Hands out addresses of an IPv4 range in turn, so that one just freed is used again as late as possible. */
export class IpPool {
  readonly #first: number;
  readonly #size: number;
  readonly #used = new Set<number>();
  #next: number;

  /**
   * @param cidr - such as 10.244.0.0/16
   * @param skip - how many addresses at the start are not for use; the last one, the broadcast address, never is
   */
  constructor(cidr: string, skip: number) {
    const [network = '', bits = '32'] = cidr.split('/');
    this.#first = toNumber(network) + skip;
    this.#size = 2 ** (32 - Number(bits)) - skip - 1;
    this.#next = this.#first;
  }

  /** An address nobody has. @throws Error - when there is none left */
  take(): string {
    for (let tried = 0; tried < this.#size; tried++) {
      const candidate = this.#next;
      this.#next = this.#first + ((candidate - this.#first + 1) % this.#size);
      if (this.#used.has(candidate)) continue;
      this.#used.add(candidate);
      return toText(candidate);
    }
    throw new Error(`no address left of ${this.#size}`);
  }

  /** Takes this very address; false when it is outside the range or somebody has it. */
  takeThis(address: string): boolean {
    const number = toNumber(address);
    if (!(number >= this.#first && number < this.#first + this.#size) || this.#used.has(number)) return false;
    this.#used.add(number);
    return true;
  }

  free(address: string): void {
    this.#used.delete(toNumber(address));
  }
}

/** NaN when it is not an IPv4 address. */
function toNumber(address: string): number {
  const parts = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : NaN));
  if (parts.length !== 4 || !parts.every((part) => part <= 255)) return NaN;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
