import type { Fault } from '../fault.ts';
import { sessionExtent } from './session-extent.ts';
import { sessions } from './sessions.ts';

export const sessionsFaults: readonly Fault[] = [...sessions, ...sessionExtent];
