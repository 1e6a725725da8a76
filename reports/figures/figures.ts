/** A latency with three significant digits and its unit: 0.412 ms, 3.24 ms, 187 ms, 1.20 s. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`;
  if (ms >= 100) return `${Math.round(ms)} ms`;
  return `${ms === 0 ? '0' : ms.toPrecision(3)} ms`;
}

/** A moment or a spell on a scenario's clock, where fractions of a millisecond mean nothing: 42 ms, 7.41 s. */
export function formatClock(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}

/** How long something took, for people: 450 ms, 12.3 s, 2 min 05 s. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Binary units, as memory is sold: 23.5 GiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit] ?? 'B'}`;
}

/** A value with its unit, as every figure shows it: 0.412 ms, 118 µs, 1.12 times, 812/s, 3 calls. */
export function formatQuantity(value: number, unit: string): string {
  const rounded = Number(value.toPrecision(3));
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'us':
      return `${rounded} µs`;
    case 'bytes':
      return formatBytes(value);
    case 'ratio':
      return `${value.toFixed(2)} times`;
    case 'rps':
      return `${rounded}/s`;
    case 'percent':
      return `${rounded} %`;
    default:
      return `${rounded} ${unit}`;
  }
}
