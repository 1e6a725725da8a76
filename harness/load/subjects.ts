import type { LoadSubject } from './subject.ts';
import { ceiling } from './subjects/ceiling.ts';
import { connectionChurn } from './subjects/connection-churn.ts';
import { headers } from './subjects/headers.ts';
import { longStreams } from './subjects/long-streams.ts';
import { payloadSize } from './subjects/payload-size.ts';
import { rules } from './subjects/rules.ts';
import { streams } from './subjects/streams.ts';
import { tls } from './subjects/tls.ts';
import { unaryLatency } from './subjects/unary-latency.ts';

/** Benchmarks of calls, in the order in which they run. */
export const loadSubjects: readonly LoadSubject[] = [
  unaryLatency,
  streams,
  payloadSize,
  tls,
  connectionChurn,
  rules,
  headers,
  longStreams,
  ceiling,
];
