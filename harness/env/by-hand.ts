import { shellWord } from '../../common/shell-word.ts';

/** How a person sees a failure on the cluster of the run: whoever starts the run knows how that is named. */
export interface ByHand {
  /** Options of `routeproof conformance` with which a command line runs against this implementation again. */
  sameRun: readonly string[];
  /** The command line that runs `argv` where the cluster's addresses can be dialled. */
  command: (argv: readonly string[]) => string;
}

/** Of the default cluster. */
export const onDefaultCluster: ByHand = { sameRun: [], command: insideOf('') };

/** @param flags - what `routeproof exec` has to be told about the cluster, with a space before it */
export function insideOf(flags: string): ByHand['command'] {
  return (argv) => [`routeproof exec${flags} --`, ...argv.map(shellWord)].join(' ');
}
