/** What `kubectl logs` asks for, see PodLogOptions of the API. */
export interface LogOptions {
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  /** Lines from the end. */
  tailLines: number | undefined;
  /** Nothing older, milliseconds since the epoch. */
  sinceMs: number | undefined;
  limitBytes: number | undefined;
}

/** @throws Error - when a number is not one */
export function parseLogOptions(query: URLSearchParams, nowMs: number): LogOptions {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    if (!/^\d+$/.test(text)) throw new Error(`${name}: ${text} is not a number`);
    return Number(text);
  };
  const sinceSeconds = number('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const since = sinceSeconds === undefined ? sinceTime && Date.parse(sinceTime) : nowMs - sinceSeconds * 1000;
  return {
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    tailLines: number('tailLines'),
    sinceMs: typeof since === 'number' ? since : undefined,
    limitBytes: number('limitBytes'),
  };
}

/** A line of a log file as the reader wants to see it; undefined when it is older than that. */
export function formatLine(line: string, { timestamps, sinceMs }: LogOptions): string | undefined {
  const [time = '', , , ...words] = line.split(' ');
  if (sinceMs !== undefined && Date.parse(time) < sinceMs) return undefined;
  const text = words.join(' ');
  return timestamps ? `${time} ${text}` : text;
}
