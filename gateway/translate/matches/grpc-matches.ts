import type { IrRoute, IrStringMatch } from '../../ir/ir.ts';
import type { Specificity } from './specificity.ts';
import type { GrpcRouteMatch } from '../model/gateway-api.ts';
import { embeddable, quoteRegex, regexProblem } from './regex.ts';
import { headerMatches } from './value-matches.ts';
import type { Result } from '../model/result.ts';

export interface RankedMatch {
  match: IrRoute['match'];
  specificity: Specificity;
}

/** One part of `/service/method`; undefined stands for any. */
interface Part {
  regex: boolean;
  text: string;
}

interface MethodParts {
  service: Part | undefined;
  method: Part | undefined;
}

const anySegment = '[^/]+';

/** A GRPCRouteMatch as a path match and header matches, with its rank. */
export function grpcMatch(source: GrpcRouteMatch): Result<RankedMatch> {
  const parts = methodParts(source.method);
  if (parts.problem !== undefined) return parts;
  const headers = headerMatches(source.headers);
  if (headers.problem !== undefined) return headers;
  const { service, method } = parts.value;
  const path = pathMatch(parts.value);
  return {
    value: {
      match: { path, headers: [...headers.value, ...segmentGuard(path)], queryParams: [] },
      specificity: [...partRank(service), ...partRank(method), headers.value.length],
    },
  };
}

function methodParts(source: GrpcRouteMatch['method']): Result<MethodParts> {
  if (source === undefined) return { value: { service: undefined, method: undefined } };
  const type = source.type ?? 'Exact';
  if (type !== 'Exact' && type !== 'RegularExpression') {
    return { problem: `method match type ${type} is not supported` };
  }
  const regex = type === 'RegularExpression';
  const service = part(source.service, regex);
  const method = part(source.method, regex);
  if (service === undefined && method === undefined) {
    return { problem: 'a method match needs a service, a method or both' };
  }
  for (const { text } of [service, method].filter((entry) => entry?.regex === true) as Part[]) {
    const problem = regexProblem(text);
    if (problem !== undefined) return { problem };
  }
  return { value: { service, method } };
}

function part(text: string | undefined, regex: boolean): Part | undefined {
  return text === undefined || text === '' ? undefined : { regex, text };
}

function pathMatch({ service, method }: MethodParts): IrStringMatch {
  if (service === undefined && method === undefined) return { type: 'prefix', value: '/' };
  if (service?.regex === false && method === undefined) return { type: 'prefix', value: `/${service.text}/` };
  if (service?.regex === false && method?.regex === false) {
    return { type: 'exact', value: `/${service.text}/${method.text}` };
  }
  return { type: 'regex', value: `/${segment(service)}/${segment(method)}` };
}

function segment(source: Part | undefined): string {
  if (source === undefined) return anySegment;
  return source.regex ? embeddable(source.text) : quoteRegex(source.text);
}

/**
 * Service and method are matched separately, but a `.` of a pattern also takes a slash: `pkg.+` and `Echo` joined would match
 * /pkg.A/Other/Echo. RE2 cannot say "and", so a second condition on :path keeps it to two segments.
 */
function segmentGuard(path: IrStringMatch): IrRoute['match']['headers'] {
  if (path.type !== 'regex' || !path.value.includes('(?:')) return [];
  return [{ name: ':path', match: { type: 'regex', value: `/${anySegment}/${anySegment}` } }];
}

/** An exact value outranks a pattern, a pattern outranks nothing; then the number of characters decides. */
function partRank(source: Part | undefined): [number, number] {
  if (source === undefined) return [0, 0];
  return [source.regex ? 1 : 2, source.text.length];
}
