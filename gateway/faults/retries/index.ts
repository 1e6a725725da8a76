import type { Fault } from '../fault.ts';
import { laterRetries } from '../across/later-sessions.ts';
import { retries } from './retries.ts';

export const retriesFaults: readonly Fault[] = [...retries, ...laterRetries];
