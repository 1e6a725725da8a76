import type { Fault } from '../fault.ts';
import { besideOtherMatches } from './matches-beside-others.ts';
import { collidingCases, manyMatches, laterCatchAlls, routesOfHosts, sameRules } from './lost-rules.ts';
import { literalMatches, binaryHeaders, reservedHeaders, spelledHeaders } from './header-spellings.ts';
import { longMatches, longestMatches } from './long-values.ts';
import { matching } from './matching.ts';
import { methodsOverTls } from './methods-over-tls.ts';
import { onLaterHosts, onWildcardHosts } from './matches-on-some-hosts.ts';
import { patterns } from './patterns.ts';

export const matchingFaults: readonly Fault[] = [
  ...matching,
  ...patterns,
  ...binaryHeaders,
  ...longMatches,
  ...collidingCases,
  ...reservedHeaders,
  ...onLaterHosts,
  ...manyMatches,
  ...besideOtherMatches,
  ...spelledHeaders,
  ...laterCatchAlls,
  ...onWildcardHosts,
  ...routesOfHosts,
  ...literalMatches,
  ...longestMatches,
  ...sameRules,
  ...methodsOverTls,
];
