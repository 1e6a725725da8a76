import type { KubeObject } from '../kube/objects.ts';
import type { Schema } from './schema.ts';

export interface Crd extends KubeObject {
  spec: { versions: CrdVersion[] };
}

interface CrdVersion {
  name: string;
  schema: { openAPIV3Schema: Schema };
  subresources?: { status?: object };
}

/** A change of one CRD of Gateway API. */
export interface CrdEdit {
  /** `grpcroutes`, without the group. */
  plural: string;
  /** Makes it. @returns how many places have changed */
  edit: (crd: Crd) => number;
  /** The policy that guards the CRDs would refuse it. */
  isForbidden?: true;
}

/**
 * Edits one place of a CRD's schema, in every version of it.
 *
 * @param path - `spec.rules[].matches[].headers[].type`
 * @returns in how many versions there is such a place
 */
export function editAt({ spec }: Crd, path: string, edit: (schema: Schema) => void): number {
  const found = spec.versions.flatMap(({ schema }) => placeIn(schema.openAPIV3Schema, path) ?? []);
  for (const schema of found) edit(schema);
  return found.length;
}

function placeIn(schema: Schema, path: string): Schema | undefined {
  let place: Schema | undefined = schema;
  for (const step of path.replaceAll('[]', '.[]').split('.'))
    place = step === '[]' ? place?.items : place?.properties?.[step];
  return place;
}
