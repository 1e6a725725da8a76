import type { Fault } from '../fault.ts';
import { headers } from './headers.ts';
import { newerCrds } from './newer-crds.ts';

export const headersFaults: readonly Fault[] = [...headers, ...newerCrds];
