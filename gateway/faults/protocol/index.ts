import type { Fault } from '../fault.ts';
import { answerNeighbours } from './answer-neighbours.ts';
import { answers } from './answers.ts';
import { callCharacters } from './call-characters.ts';
import { callCorners } from './call-corners.ts';
import { callsOverTls, streamsOverTls } from './calls-over-tls.ts';
import { connections } from './connections.ts';
import { ends } from './ends.ts';
import { metadata } from './metadata.ts';
import { protocol } from './protocol.ts';
import { splitRetries } from './unasked-retries.ts';
import { timeLimits } from './time-limits.ts';

export const protocolFaults: readonly Fault[] = [
  ...protocol,
  ...metadata,
  ...answers,
  ...ends,
  ...connections,
  ...answerNeighbours,
  ...callsOverTls,
  ...callCorners,
  ...callCharacters,
  ...streamsOverTls,
  ...timeLimits,
  ...splitRetries,
];
