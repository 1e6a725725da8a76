import type { IrStringMatch } from '../../ir/ir.ts';
import type { HttpRouteMatch } from '../model/gateway-api.ts';
import type { RankedMatch } from './grpc-matches.ts';
import { regexProblem } from './regex.ts';
import { headerMatches, queryMatches } from './value-matches.ts';
import type { Result } from '../model/result.ts';

/** An HTTPRouteMatch with its rank: exact path, pattern, then longer prefixes; method; headers; query parameters. */
export function httpMatch(source: HttpRouteMatch): Result<RankedMatch> {
  const path = pathMatch(source.path);
  if (path.problem !== undefined) return path;
  const headers = headerMatches(source.headers);
  if (headers.problem !== undefined) return headers;
  const queryParams = queryMatches(source.queryParams);
  if (queryParams.problem !== undefined) return queryParams;
  return {
    value: {
      match: {
        path: path.value,
        ...(source.method === undefined ? {} : { method: source.method }),
        headers: headers.value,
        queryParams: queryParams.value,
      },
      specificity: [
        ...pathRank(path.value),
        source.method === undefined ? 0 : 1,
        headers.value.length,
        queryParams.value.length,
      ],
    },
  };
}

function pathMatch(source: HttpRouteMatch['path']): Result<IrStringMatch> {
  const value = source?.value ?? '/';
  switch (source?.type ?? 'PathPrefix') {
    case 'Exact':
      return { value: { type: 'exact', value } };
    case 'PathPrefix':
      return { value: { type: 'prefix', value: value.replace(/\/+$/, '') || '/' } };
    case 'RegularExpression': {
      const problem = regexProblem(value);
      return problem === undefined ? { value: { type: 'regex', value } } : { problem };
    }
    default:
      return { problem: `path match type ${source?.type ?? ''} is not supported` };
  }
}

function pathRank(path: IrStringMatch): [number, number] {
  switch (path.type) {
    case 'exact':
      return [2, path.value.length];
    case 'regex':
      return [1, path.value.length];
    case 'prefix':
      return [0, path.value.length];
  }
}
