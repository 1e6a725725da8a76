import type { LoadCase } from '../legs.ts';
import type { LoadSubject } from '../subject.ts';

/** One way; the rate falls with the size, so that k6, which makes JSON of every message and back, is not what is measured. */
const mostBytesPerSecond = 8 * 2 ** 20;

function cases(...sizes: number[]): LoadCase[] {
  return sizes.map((size) => ({
    name: String(size),
    size,
    sizeOf: 'bytes',
    mostRps: Math.max(1, Math.floor(mostBytesPerSecond / Math.max(1, size))),
  }));
}

/** What a message costs by its size, both ways. */
export const payloadSize: LoadSubject = {
  name: 'payload-size',
  title: 'Unary calls with messages of growing size, the same both ways',
  sides: ['direct', 'floor', 'gateway'],
  againstFirst: true,
  plans: {
    quick: { rateRps: 200, blocks: 6, blockSeconds: 1, warmupSeconds: 2 },
    long: { rateRps: 200, blocks: 6, blockSeconds: 2, warmupSeconds: 5 },
  },
  cases: { quick: cases(0, 65_536, 2 ** 20), long: cases(0, 1024, 16_384, 65_536, 262_144, 2 ** 20) },
};
