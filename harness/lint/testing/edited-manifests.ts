import fc from 'fast-check';
import type { KubeObject } from '../../kube/objects.ts';
import type { Schema } from '../crd-schemas.ts';

type Place = readonly (string | number)[];
type Parent = Record<string | number, unknown>;

interface Edit {
  kind: 'set' | 'remove' | 'repeat' | 'add' | 'misname';
  /** Which of the places, or of the fields, modulo their number. */
  at: number;
  value: unknown;
}

/** What fields of these APIs hold, what is nearly that, and what is of another type. */
const values: readonly unknown[] = [
  ...[
    '',
    'a',
    'A',
    'a.b',
    'a-',
    '-a',
    'a b',
    'a\nb',
    'ü',
    '*',
    '*.a.example',
    '*.*',
    'a.example.',
    '192.0.2.1',
    '::1',
  ],
  ...[
    '/a',
    '/a//b',
    '/a/../b',
    'a/b',
    'X-A',
    ':path',
    'true',
    '1',
    '10s',
    '1.5s',
    '1h1h',
    '1d',
    'spiffe://a/b',
  ],
  ...['x'.repeat(63), 'x'.repeat(64), 'x'.repeat(254), 'x'.repeat(1025), 'x'.repeat(4097)],
  ...[
    'HTTP',
    'HTTPS',
    'TLS',
    'GRPC',
    'UDP',
    'Exact',
    'RegularExpression',
    'Terminate',
    'Passthrough',
    'Same',
    'Selector',
  ],
  ...['Service', 'Gateway', 'GRPCRoute', 'Secret', 'ConfigMap', 'gateway.networking.k8s.io', 'example.com'],
  ...['RequestHeaderModifier', 'RequestMirror', 'ExtensionRef', 'Cookie', 'Permanent', 'Hostname', 'System'],
  ...[0, 1, -1, 1.5, 16, 64, 65, 80, 100, 101, 65_535, 65_536, 1_000_001, 2 ** 31],
  ...[
    null,
    true,
    [],
    {},
    ['a'],
    [{}],
    { a: 1 },
    { matchLabels: { a: 'b' } },
    { name: 'a' },
    [{ name: 'a' }, { name: 'a' }],
  ],
];

const edit = fc.record<Edit>({
  kind: fc.constantFrom('set', 'remove', 'repeat', 'add', 'misname'),
  at: fc.nat(),
  value: fc.constantFrom(...values),
});

/**
 * Manifests of `seeds`, each with up to three edits of its metadata, spec or status; the same ones for the same `seed`.
 *
 * @param schemaOf - the fields that an edit may add
 */
export function editedManifests(
  seeds: readonly KubeObject[],
  schemaOf: (object: KubeObject) => Schema,
  { seed, count }: { seed: number; count: number },
): KubeObject[] {
  const manifest = fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 3 }));
  return fc.sample(manifest, { seed, numRuns: count }).map(([object, edits]) => {
    const copy = structuredClone(object);
    for (const each of edits) make(each, copy, schemaOf(object));
    return copy;
  });
}

function make({ kind, at, value }: Edit, object: KubeObject, schema: Schema): void {
  const places = placesIn(object);
  const place = places[at % places.length];
  if (place === undefined) return;
  const [parent, last] = [valueAt(object, place.slice(0, -1)) as Parent, place.at(-1) ?? ''];
  const copy = structuredClone(value);
  if (Array.isArray(parent)) {
    if (kind === 'remove') parent.splice(Number(last), 1);
    else if (kind === 'repeat')
      parent.push(
        ...Array.from({ length: [1, 16, 64][at % 3] ?? 1 }, () =>
          structuredClone(parent[Number(last)] as unknown),
        ),
      );
    else parent[Number(last)] = copy;
  } else if (kind === 'remove') Reflect.deleteProperty(parent, last);
  else if (kind === 'misname') parent[`${last}s`] = copy;
  else if (kind === 'add') {
    const fields = Object.keys(schemaAt(schema, place.slice(0, -1))?.properties ?? {});
    const field = fields[at % fields.length];
    if (field !== undefined) parent[field] = copy;
  } else parent[last] = copy;
}

/** The kind, the name and the namespace stay: by these its verdict is found. */
function placesIn(object: KubeObject): Place[] {
  const within = (value: unknown, at: Place): Place[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.keys(value).flatMap((key) => {
          const place = [...at, Array.isArray(value) ? Number(key) : key];
          return [place, ...within((value as Parent)[key], place)];
        });
  const { metadata, spec, status } = object;
  const kept = ['name', 'namespace'];
  return within({ metadata, spec, status }, []).filter(
    ([part, field]) => field !== undefined && !(part === 'metadata' && kept.includes(String(field))),
  );
}

function valueAt(object: unknown, place: Place): unknown {
  return place.reduce((value, step) => (value as Parent)[step], object);
}

function schemaAt(schema: Schema, place: Place): Schema | undefined {
  return place.reduce<Schema | undefined>(
    (at, step) => (typeof step === 'number' ? at?.items : at?.properties?.[step]),
    schema,
  );
}
