import type { LoadSubject } from './subject.ts';
import { unaryLatency } from './subjects/unary-latency.ts';

/** Benchmarks of calls, in the order in which they run. */
export const loadSubjects: readonly LoadSubject[] = [unaryLatency];
