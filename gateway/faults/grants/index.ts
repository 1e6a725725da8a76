import type { Fault } from '../fault.ts';
import { grants } from './grants.ts';
import { grantsByChance } from './grants-by-chance.ts';
import { laterGrants } from './later-grants.ts';
import { nearGrants } from './near-names.ts';

export const grantsFaults: readonly Fault[] = [...grants, ...nearGrants, ...laterGrants, ...grantsByChance];
