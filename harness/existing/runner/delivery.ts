import { gunzipSync, gzipSync } from 'node:zlib';
import { RouteproofError, messageOf } from '../../../common/errors.ts';

/**
 * A pod has one way out that every cluster has and that asks for no more rights than to look: its log. A run's results go through it as lines
 * among those for people, compressed, in pieces that no container runtime splits.
 */
const mark = 'routeproof-result ';
const lastMark = 'routeproof-result-end ';
const pieceLength = 4000;

export function deliveryLines(result: unknown): string[] {
  const packed = gzipSync(JSON.stringify(result)).toString('base64');
  const pieces = packed.match(new RegExp(`.{1,${String(pieceLength)}}`, 'g')) ?? [];
  return [...pieces.map((piece) => mark + piece), lastMark + String(pieces.length)];
}

/** Puts a result together from the lines of a log. */
export class Delivery {
  readonly #pieces: string[] = [];
  readonly #unpack: (text: string) => string;
  #wanted: number | undefined;

  /** @param unpack - what the pieces together become: JSON */
  constructor(unpack = unzipped) {
    this.#unpack = unpack;
  }

  /** @returns whether the line is part of it, and so nothing for people */
  take(line: string): boolean {
    if (line.startsWith(lastMark)) this.#wanted = Number(line.slice(lastMark.length));
    else if (line.startsWith(mark)) this.#pieces.push(line.slice(mark.length));
    else return false;
    return true;
  }

  /**
   * @returns undefined when nothing was sent
   * @throws RouteproofError RUNNER_FAILED - a part is missing or broken
   */
  result(): unknown {
    if (this.#pieces.length === 0 && this.#wanted === undefined) return undefined;
    try {
      if (this.#wanted !== this.#pieces.length) {
        throw new Error(
          `${String(this.#pieces.length)} pieces of ${String(this.#wanted ?? 'an unknown number')}`,
        );
      }
      return JSON.parse(this.#unpack(this.#pieces.join('')));
    } catch (cause) {
      throw new RouteproofError('RUNNER_FAILED', 'the results did not come out of the pod whole', {
        seen: messageOf(cause),
        hint: 'its log may have been rotated meanwhile: run fewer suites at once',
        cause,
      });
    }
  }
}

function unzipped(text: string): string {
  return gunzipSync(Buffer.from(text, 'base64')).toString('utf8');
}
