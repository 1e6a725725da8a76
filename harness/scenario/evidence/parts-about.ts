type Json = Record<string, unknown>;

/** What a proxy says of itself: an Envoy has `configs`. */
export interface Dump {
  configs?: Json[];
  [kind: string]: unknown;
}

/** Lists in a resource of which only the elements that name the scenario concern it: a shared listener has hundreds of hosts. */
const narrowed = new Set(['virtual_hosts', 'filter_chains']);

/**
 * What a proxy says of its configuration, without what is not about a scenario. Of Envoy's config_dump the resources whose text has one of `words` in it, and those
 * that Envoy refused, whatever they are about (`error_state`); of any other object, which is taken for kinds that have things by their names, the things whose name or text has one.
 *
 * @returns undefined where there is nothing
 */
export function partsAbout(words: readonly string[], dump: Dump): Json[] | Json | undefined {
  return dump.configs === undefined ? namedThingsAbout(words, dump) : configsAbout(words, dump.configs);
}

function namedThingsAbout(words: readonly string[], dump: Json): Json | undefined {
  const kinds = Object.entries(dump).flatMap(([kind, things]) => {
    const kept = isObject(things) ? Object.entries(things).filter((thing) => mentions(thing, words)) : [];
    return kept.length === 0 ? [] : [[kind, Object.fromEntries(kept)] as const];
  });
  return kinds.length === 0 ? undefined : Object.fromEntries(kinds);
}

function configsAbout(words: readonly string[], dump: Json[]): Json[] | undefined {
  const configs = dump.flatMap((config) => {
    const lists = Object.entries(config).flatMap(([name, value]) => {
      const kept = Array.isArray(value) ? value.filter((each) => concerns(each, words)) : [];
      return kept.length === 0 ? [] : [[name, kept.map((each) => narrow(each, words))] as const];
    });
    return lists.length === 0 ? [] : [{ '@type': config['@type'], ...Object.fromEntries(lists) }];
  });
  return configs.length === 0 ? undefined : configs;
}

function concerns(resource: unknown, words: readonly string[]): boolean {
  return isObject(resource) && (resource['error_state'] !== undefined || mentions(resource, words));
}

function mentions(value: unknown, words: readonly string[]): boolean {
  const text = JSON.stringify(value);
  return words.some((word) => text.includes(word));
}

/** Elements that do not name it are left out of the lists above, where others do. */
function narrow(value: unknown, words: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => narrow(each, words));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const kept =
        narrowed.has(name) && Array.isArray(inner) ? inner.filter((each) => mentions(each, words)) : [];
      return [name, narrow(kept.length > 0 ? kept : inner, words)];
    }),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
