import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** Two values that a histogram keeps apart differ by less than a thousandth; latencies are in microseconds, as exact as k6's. */
const settings = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: 60_000_000,
  numberOfSignificantValueDigits: 3,
  bitBucketSize: 64,
  autoResize: true,
  useWebAssembly: false,
} as const;

/** An HdrHistogram of latencies in milliseconds, as text (V2, compressed, base64). */
export function encodeLatencies(latenciesMs: Iterable<number>): string {
  const histogram = build(settings);
  for (const ms of latenciesMs) histogram.recordValue(Math.max(0, Math.round(ms * 1000)));
  return encodeIntoCompressedBase64(histogram);
}

/** One histogram of several, of one run or of many. @returns undefined of none */
export function mergeHistograms(encoded: readonly string[]): string | undefined {
  if (encoded.length === 0) return undefined;
  const merged = build(settings);
  for (const text of encoded) merged.add(decode(text));
  return encodeIntoCompressedBase64(merged);
}

/** How many latencies it has, and one of its percentiles (0 to 100) in milliseconds. */
export function readHistogram(encoded: string): { count: number; at: (percentile: number) => number } {
  const histogram = decode(encoded);
  return {
    count: histogram.totalCount,
    at: (percentile) => histogram.getValueAtPercentile(percentile) / 1000,
  };
}

function decode(encoded: string): Histogram {
  return decodeFromCompressedBase64(encoded, settings.bitBucketSize, settings.useWebAssembly);
}
