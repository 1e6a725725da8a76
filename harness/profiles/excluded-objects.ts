import type { KubeObject } from '../kube/objects.ts';
import { isLintProfile, rulesOf } from '../lint/profiles.ts';
import type { SourceObject } from '../lint/source.ts';
import { World } from '../lint/world.ts';
import type { Profile } from './profile.ts';

const nowhere = { line: 1, column: 1 };

/** Why a product could not be tried with this object: the deviation, and what `routeproof lint` says of it. */
export function exclusionOf(profile: Profile, object: KubeObject): string | undefined {
  const { name } = profile;
  if (!isLintProfile(name)) return undefined;
  const excluding = profile.deviations.filter(({ excludesObjects }) => excludesObjects === true);
  if (excluding.length === 0) return undefined;
  const source: SourceObject = { file: '', object, positionOf: () => nowhere };
  const world = new World([source]);
  for (const { id, lint, place } of excluding) {
    const rules = rulesOf(name).filter((rule) => lint.includes(rule.id));
    const issue = rules.flatMap(({ check }) => check(source, world))[0];
    if (issue !== undefined)
      return `profile ${name}, ${id}: ${object.kind ?? ''} ${object.metadata?.name ?? ''} has ${issue.message} (${profile.document}, ${place})`;
  }
  return undefined;
}
