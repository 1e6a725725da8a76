import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isRoute } from '../world.ts';
import type { World } from '../world.ts';
import { conflictIssues } from './conflicts.ts';
import { isAddress } from './listeners.ts';

/** Objects by themselves, and beside those of the same name or hostname. */
export const objectRules: Rule[] = [
  { id: 'written-twice', level: 'warning', check: writtenTwice },
  { id: 'name-generated', level: 'warning', check: generatedNames },
  { id: 'hostname-is-address', level: 'error', clause: 'hostname-ip-not-a-hostname', check: addresses },
  {
    id: 'hostname-shared-with-httproute',
    level: 'warning',
    clause: 'hostname-conflict-exactly-one',
    check: sharedHostnames,
  },
];

function writtenTwice({ object }: SourceObject, world: World): Issue[] {
  const all = object.metadata?.name === undefined ? [] : world.alike(object);
  if (all.length < 2 || all[0]?.object === object) return [];
  return [
    {
      path: ['metadata', 'name'],
      message: `the object is written ${String(all.length)} times: the last one applied replaces the others`,
      fix: 'give them names of their own, or keep one',
    },
  ];
}

function generatedNames({ object }: SourceObject): Issue[] {
  const { name, generateName } = (object.metadata ?? {}) as { name?: string; generateName?: string };
  if (generateName === undefined || (name ?? '') !== '') return [];
  return [
    {
      path: ['metadata', 'generateName'],
      message: 'kubectl apply takes no generateName, only kubectl create does',
      fix: 'write name, which other objects can refer to as well',
    },
  ];
}

function addresses({ object }: SourceObject): Issue[] {
  if (!isRoute(object)) return [];
  return (object.spec?.hostnames ?? []).flatMap((hostname, index) =>
    isAddress(hostname)
      ? [
          {
            path: ['spec', 'hostnames', index],
            message: `${hostname} is an IP address, not a hostname`,
            fix: 'leave hostnames away to take calls to any authority',
          },
        ]
      : [],
  );
}

function sharedHostnames(source: SourceObject, world: World): Issue[] {
  const isOptional = world.release !== 'v1.6.3';
  const outcome = isOptional
    ? 'one of the two may be refused'
    : 'up to v1.6 only one of the two may be accepted, the older one';
  return conflictIssues(source, world, ({ rival, hostname, listener }) => ({
    message: `${rival} takes ${hostname} on listener ${listener}, too: ${outcome}`,
    fix: 'give the two routes hostnames or listeners of their own',
    ...(isOptional ? { clause: 'hostname-conflict-rejection-optional' } : {}),
  }));
}
