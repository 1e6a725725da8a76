import type { Fault } from '../fault.ts';
import { proxies } from './proxies.ts';

export const proxiesFaults: readonly Fault[] = [...proxies];
