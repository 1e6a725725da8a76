type Json = Record<string, unknown>;

/** Lists in a resource of which only the elements that name the scenario concern it: a shared listener has hundreds of hosts. */
const narrowed = new Set(['virtual_hosts', 'filter_chains']);

/**
 * The parts of Envoy's config_dump whose text has one of `words` in it, and those that Envoy refused, whatever they are about (`error_state`).
 *
 * @returns undefined where there are none
 */
export function partsAbout(words: readonly string[], dump: { configs?: Json[] }): Json[] | undefined {
  const configs = (dump.configs ?? []).flatMap((config) => {
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
