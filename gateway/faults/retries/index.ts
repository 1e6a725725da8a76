import type { Fault } from '../fault.ts';
import { laterRetries, retries } from './retries.ts';

export const retriesFaults: readonly Fault[] = [...retries, ...laterRetries];
