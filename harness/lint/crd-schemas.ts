import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { crdDir } from '../../common/tools.ts';

/** Which CRDs manifests are held against. */
export interface CrdSource {
  release: OfficialRelease;
  channel: Channel;
}

/** The part of an OpenAPI v3 structural schema that is read here. */
export interface Schema {
  type?: string;
  nullable?: boolean;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  not?: object;
  anyOf?: Schema[];
  propertyNames?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: Validation[];
}

export interface Validation {
  rule: string;
  message?: string;
  messageExpression?: string;
  fieldPath?: string;
  /** Of our own schemas: how to mend it. */
  fix?: string;
}

interface Crd {
  spec: {
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** The CRDs of a release, each read when an object of its kind asks: all of them would take half a second. */
export class CrdSchemas {
  /** YAML of each CRD by `group Kind`. */
  readonly #texts = new Map<string, string>();
  readonly #crds = new Map<string, Crd>();

  /** @throws RouteproofError TOOL_MISSING - the CRDs are not set up */
  constructor({ release, channel }: CrdSource) {
    const dir = crdDir(channel, release);
    for (const file of readdirSync(dir).filter((name) => name.endsWith('.yaml'))) {
      for (const text of readFileSync(join(dir, file), 'utf8').split(/^---$/m)) {
        const group = /^ {2}group: (\S+)$/m.exec(text)?.[1];
        const kind = /^ {4}kind: (\S+)$/m.exec(text)?.[1];
        if (group !== undefined && kind !== undefined) this.#texts.set(`${group} ${kind}`, text);
      }
    }
  }

  /** Undefined for what the release does not have or does not serve. */
  schemaOf(apiVersion: string, kind: string): Schema | undefined {
    const [group = '', version] = apiVersion.split('/');
    const versions = this.#crd(group, kind)?.spec.versions ?? [];
    return versions.find(({ name, served }) => served && name === version)?.schema.openAPIV3Schema;
  }

  /** Kinds of a group. */
  kindsOf(group: string): string[] {
    return [...this.#texts.keys()].flatMap((key) =>
      key.startsWith(`${group} `) ? [key.slice(group.length + 1)] : [],
    );
  }

  /** apiVersions under which the release serves the kind of a group; undefined when it has no such kind. */
  servedVersions(group: string, kind: string): string[] | undefined {
    const versions = this.#crd(group, kind)?.spec.versions;
    return versions?.filter(({ served }) => served).map(({ name }) => `${group}/${name}`);
  }

  #crd(group: string, kind: string): Crd | undefined {
    const key = `${group} ${kind}`;
    const text = this.#texts.get(key);
    const known = this.#crds.get(key);
    if (known !== undefined || text === undefined) return known;
    const crd = parse(text) as Crd;
    this.#crds.set(key, crd);
    return crd;
  }
}
