import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../clauses/clause.ts';
import { suitesDir } from '../../common/tools.ts';
import { mustBeKnown } from '../../common/known-names.ts';

/** The spec and nothing else. */
export const standardProfile = 'standard';

const profilesDir = join(suitesDir, 'profiles');

/** Where a product documents something else than the spec says. */
export interface Deviation {
  /** kebab-case, unique in its profile. */
  id: string;
  title: string;
  /** What the document says, as clauses of the profile. */
  clauses: string[];
  /** The spec's clauses that are not judged where the document holds. */
  instead: string[];
  /** Section of the document. */
  place: string;
  because: string;
  /** Rules of `routeproof lint` for manifests that run into it. */
  lint: string[];
  /** A scenario whose objects one of those rules finds an error in is left out: what it is about cannot be tried there. */
  excludesObjects?: true;
  /** Scenarios that judge what the document says; empty where it says too little to be held against anybody. */
  judgedBy: string[];
  /** Scenarios of other clauses that cannot be judged either, with the reason. */
  leavesOut?: Record<string, string>;
  /** Scenarios that name one of `instead` beside others and can be judged all the same, with the reason. */
  keeps?: Record<string, string>;
}

export interface Profile {
  name: string;
  title: string;
  /** The document that it was read from. */
  document: string;
  /** Scenarios made for plain listeners use TLS: HTTP listeners are written as HTTPS ones with a certificate, calls speak TLS. */
  listeners?: 'HTTPS';
  deviations: Deviation[];
}

/** All names that `--profile` takes. */
export function profileNames(dir = profilesDir): string[] {
  const files = existsSync(dir) ? readdirSync(dir) : [];
  const written = files.flatMap((file) => /^([a-z-]+)\.profile\.yaml$/.exec(file)?.[1] ?? []);
  return [standardProfile, ...written.sort()];
}

/**
 * @throws RouteproofError USAGE - no such profile, with near matches
 */
export function readProfile(name: string, dir = profilesDir): Profile {
  mustBeProfile(name, dir);
  if (name === standardProfile)
    return { name, title: 'the specification', document: 'Gateway API', deviations: [] };
  const data = readYaml(join(dir, `${name}.profile.yaml`)) as Omit<Profile, 'name'>;
  return { ...data, name };
}

/** @throws RouteproofError USAGE - no such profile, with near matches */
export function mustBeProfile(name: string, dir = profilesDir): void {
  mustBeKnown('USAGE', 'profile', name, profileNames(dir));
}

/** What it asks of listeners, for those that make them. */
export function listenersOf({ listeners }: Profile): { listeners?: 'HTTPS' } {
  return listeners === undefined ? {} : { listeners };
}
