import type { Fault } from '../fault.ts';
import { defaultGateways } from './default-gateways.ts';
import { laterDefaultGateways } from '../across/later-sessions.ts';

export const defaultGatewaysFaults: readonly Fault[] = [...defaultGateways, ...laterDefaultGateways];
