import { execa } from 'execa';
import type { Mutant } from './mutant.ts';
import type { SourceTree } from './source-tree.ts';

/** What gateway/mutants/replay.ts prints of a mutant. */
export interface Replayed {
  mutant: string;
  /** Names of the statuses and resources that come out otherwise, each with the namespace of its Gateway or object. */
  differs: string[];
  /** There are more. */
  more?: true;
  /** The translation threw. */
  error?: string;
  skipped?: 'unreached' | 'at-start';
}

/** Parts of the gateway that a recording goes through as a running gateway does; bytes on the wire are not looked at. */
const replayable = /^gateway\/(translate|xds\/(?!wire|container-port)|ir)/;

export function isReplayable({ file }: Mutant): boolean {
  return replayable.test(file);
}

interface ReplayOptions {
  recording: string;
  mutants: readonly Mutant[];
  processes: number;
  signal: AbortSignal;
  onReplayed: (result: Replayed) => void;
}

/**
 * Translates a recording with each mutant.
 *
 * @param options.recording - a file, of `/recording` of the instrumented gateway
 * @throws ExecaError - the replay ended early
 */
export async function replay({ replayFile }: SourceTree, options: ReplayOptions): Promise<void> {
  const { mutants, processes, signal } = options;
  // One that fails ends the others.
  const others = new AbortController();
  const cancelSignal = AbortSignal.any([signal, others.signal]);
  const shares = Array.from({ length: processes }, (_, share) =>
    mutants.filter((__, at) => at % processes === share),
  );
  try {
    await Promise.all(shares.map((share) => replayShare(replayFile, share, { ...options, cancelSignal })));
  } finally {
    others.abort();
  }
}

async function replayShare(
  replayFile: string,
  mutants: readonly Mutant[],
  { recording, onReplayed, cancelSignal }: ReplayOptions & { cancelSignal: AbortSignal },
): Promise<void> {
  const child = execa(process.execPath, ['--max-old-space-size=4096', replayFile, recording], {
    input: mutants.map(({ id }) => `${id}\n`).join(''),
    stderr: 'inherit',
    buffer: false,
    cancelSignal,
  });
  for await (const line of child) onReplayed(JSON.parse(line) as Replayed);
}
