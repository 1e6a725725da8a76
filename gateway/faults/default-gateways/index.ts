import type { Fault } from '../fault.ts';
import { defaultGateways, laterDefaultGateways } from './default-gateways.ts';

export const defaultGatewaysFaults: readonly Fault[] = [...defaultGateways, ...laterDefaultGateways];
