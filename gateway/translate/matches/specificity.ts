/**
 * How specific a match is, compared from left to right, larger first. GRPCRoute: service, method, headers; HTTPRoute: path,
 * method, headers, query parameters. Exact matches and patterns have a rank of their own before their length
 * (docs/decisions/match-precedence.md).
 */
export type Specificity = readonly number[];
