import type { Mutant } from './mutant.ts';

/** Parts of the gateway that a recording goes through as a running gateway does; bytes on the wire are not looked at. */
const replayable = /^gateway\/(translate|xds\/(?!wire|container-port)|ir)/;

export function isReplayable({ file }: Mutant): boolean {
  return replayable.test(file);
}
