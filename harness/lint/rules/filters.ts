import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { isGrpcRoute } from '../world.ts';
import type { RouteFilter } from '../world.ts';

/** Filters that do less than they read, or more than one thing to a header. */
export const filterRules: Rule[] = [
  {
    id: 'header-changed-twice',
    level: 'error',
    clause: 'filter-header-one-action-per-name',
    check: severalActions,
  },
  {
    id: 'header-listed-twice',
    level: 'warning',
    clause: 'filter-header-equivalent-name-first',
    check: equivalentNames,
  },
  {
    id: 'extension-filter',
    level: 'note',
    clause: 'filter-extensionref-unresolved-error',
    check: extensions,
  },
];

const modifiers = ['requestHeaderModifier', 'responseHeaderModifier'] as const;
const actions = ['set', 'add', 'remove'] as const;

function filtersOf({ object }: SourceObject): { path: FieldPath; filter: RouteFilter }[] {
  if (!isGrpcRoute(object)) return [];
  const placed = (at: FieldPath, filters: RouteFilter[] = []) =>
    filters.map((filter, index) => ({ path: [...at, 'filters', index], filter }));
  return (object.spec?.rules ?? []).flatMap(({ filters, backendRefs = [] }, rule) => [
    ...placed(['spec', 'rules', rule], filters),
    ...backendRefs.flatMap((backend, index) =>
      placed(['spec', 'rules', rule, 'backendRefs', index], backend.filters),
    ),
  ]);
}

/** Each name that a modifier has in one of its lists, in lower case. */
function namesOf(
  source: SourceObject,
): { modifier: string; action: string; name: string; path: FieldPath }[] {
  return filtersOf(source).flatMap(({ path, filter }) =>
    modifiers.flatMap((modifier) =>
      actions.flatMap((action) =>
        (filter[modifier]?.[action] ?? []).map((entry, index) => ({
          modifier: `${path.join('.')}.${modifier}`,
          action,
          name: (typeof entry === 'string' ? entry : (entry.name ?? '')).toLowerCase(),
          path: [...path, modifier, action, index],
        })),
      ),
    ),
  );
}

function severalActions(source: SourceObject): Issue[] {
  const all = namesOf(source);
  return all.flatMap(({ modifier, action, name, path }, index): Issue[] => {
    const before = all
      .slice(0, index)
      .find((each) => each.modifier === modifier && each.name === name && each.action !== action);
    if (before === undefined) return [];
    return [
      {
        path,
        message: `the filter has ${before.action} for ${name} already: more than one action on a header is invalid`,
        fix: 'keep one of them; several values go into one, separated by commas',
      },
    ];
  });
}

function equivalentNames(source: SourceObject): Issue[] {
  const all = namesOf(source);
  return all.flatMap(({ modifier, action, name, path }, index): Issue[] => {
    const isThere = all
      .slice(0, index)
      .some((each) => each.modifier === modifier && each.name === name && each.action === action);
    if (!isThere) return [];
    return [
      {
        path,
        message: `${name} is in the list already, in other letter case: only the first entry counts`,
        fix: 'remove one; several values go into one, separated by commas',
      },
    ];
  });
}

function nameOf({ group = '', kind = '' }: { group?: string; kind?: string }): string {
  return group === '' ? kind : `${kind}.${group}`;
}

function extensions(source: SourceObject): Issue[] {
  return filtersOf(source).flatMap(({ path, filter: { extensionRef } }) =>
    extensionRef === undefined
      ? []
      : [
          {
            path: [...path, 'extensionRef'],
            message: `only an implementation that knows ${nameOf(extensionRef)} takes this filter; elsewhere its calls get an error`,
            fix: 'make sure that yours does, and that the object is there',
          },
        ],
  );
}
