import type { FieldPath, Position, SourceObject } from './source.ts';
import type { World } from './world.ts';

/** error: it will not work there; warning: it works otherwise than it reads; note: whether it does is for the implementation, or the reader, to say. */
export type Level = 'error' | 'warning' | 'note';

/** What a rule has to say about one field. */
export interface Issue {
  path: FieldPath;
  message: string;
  /** How to change the manifest. */
  fix: string;
  /** Where it is another one than the rule's. */
  clause?: string;
  /** Where it is another one than the rule's. */
  level?: Level;
}

/** What a schema says: the keyword that does not hold, `rule` for CEL. */
export interface SchemaIssue extends Issue {
  keyword: string;
  /** Where to look, when that is within what the schema is about. */
  place?: FieldPath;
}

export interface Rule {
  /** Stable, kebab-case. */
  id: string;
  level: Level;
  /** The clause that the manifest runs into; undefined where each issue names its own or there is none. */
  clause?: string;
  check: (source: SourceObject, world: World) => Issue[];
}

/** An issue in its place. */
export interface Finding extends Position {
  rule: string;
  level: Level;
  clause?: string;
  file: string;
  /** `GRPCRoute shop/cart`. */
  object: string;
  /** `spec.rules[0].matches`. */
  field: string;
  message: string;
  fix: string;
}

/** `spec.rules[0].matches[1].method`, as the API server writes it. */
export function fieldText(path: FieldPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
