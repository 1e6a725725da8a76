import { execa } from 'execa';

export interface ReplayOptions<Line> {
  /** A program that translates a recording again with what standard input names, a line of JSON for each: gateway/(faults|mutants)/replay.ts. */
  program: string;
  /** A file, of `RecordedGateway`. */
  recording: string;
  names: readonly string[];
  /** At a time. */
  processes: number;
  signal: AbortSignal;
  onLine: (line: Line) => void;
}

/** @throws ExecaError - a program ended early */
export async function replayRecording<Line>(options: ReplayOptions<Line>): Promise<void> {
  const { names, processes, signal } = options;
  // One that fails ends the others.
  const others = new AbortController();
  const cancelSignal = AbortSignal.any([signal, others.signal]);
  const shares = Array.from({ length: processes }, (_, share) =>
    names.filter((__, at) => at % processes === share),
  );
  try {
    await Promise.all(shares.map((share) => replayShare(share, { ...options, cancelSignal })));
  } finally {
    others.abort();
  }
}

async function replayShare<Line>(
  names: readonly string[],
  { program, recording, onLine, cancelSignal }: ReplayOptions<Line> & { cancelSignal: AbortSignal },
): Promise<void> {
  const child = execa(process.execPath, ['--max-old-space-size=4096', program, recording], {
    input: names.map((name) => `${name}\n`).join(''),
    stderr: 'inherit',
    buffer: false,
    cancelSignal,
  });
  for await (const line of child) onLine(JSON.parse(line) as Line);
}
