/** What a gateway that records its translations, and the programs that translate a recording again, say to the harness. */

/** Where such a gateway answers, in its pod: HTTP, text. */
export const recordingPort = 18_082;

/** POST: a recording begins, and what was recorded is dropped. GET: what was recorded, a line of JSON for each translation. */
export const recordingPath = '/recording';

/** What gateway/mutants/replay.ts prints of a mutant. */
export interface ReplayedMutant {
  mutant: string;
  /** Names of the statuses and resources that come out otherwise, each with the namespace of its Gateway or object. */
  differs: string[];
  /** There are more. */
  more?: true;
  /** The translation threw. */
  error?: string;
  /** Translations do not come by its code; or it is come by where modules are loaded, when no mutant is active yet. */
  skipped?: 'unreached' | 'at-start';
}

/** What gateway/faults/replay.ts prints of a fault. */
export interface ReplayedFault {
  fault: string;
  /** `unknown`: it does something that a translation does not show. */
  differs: 'yes' | 'no' | 'unknown';
}
