import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import {
  badPattern,
  clausesOf,
  judge,
  many,
  missing,
  tooFew,
  tooLong,
  tooMany,
  tooShort,
  type Case,
} from './judge.ts';

type Plain = Record<string, unknown>;

const from = { group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'kube-public' };
const to = { group: '', kind: 'Service' };

function grant(spec: Plain): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'ReferenceGrant',
    metadata: { name: 'judged' },
    spec: { from: [from], to: [to], ...spec },
  } as KubernetesObject;
}

function without(entry: Plain, field: string): Plain {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field));
}

/** Per field, what its neighbours are: the longest and the shortest that it may hold, and what it may not. */
const values: Record<string, { good: string[]; bad: [wrong: string, value: string, says: RegExp][] }> = {
  group: {
    good: ['', 'g'.repeat(253), 'a-b.example.org'],
    bad: [
      ['254 letters', 'g'.repeat(254), tooLong],
      ['an underscore', 'a_b', badPattern],
    ],
  },
  kind: {
    good: ['K', 'K'.repeat(63)],
    bad: [
      ['nothing', '', tooShort],
      ['64 letters', 'K'.repeat(64), tooLong],
      ['a dot', 'a.b', badPattern],
    ],
  },
};

const cases: Case[] = [
  ...(['from', 'to'] as const).flatMap((list): Case[] => {
    const entry = list === 'from' ? from : to;
    const entries = (count: number): KubernetesObject =>
      grant({ [list]: many(count, (i) => ({ ...entry, kind: `Kind${String(i)}` })) });
    return [
      {
        clauses: [`validation-refgrant-${list}-bounds`],
        wrong: `no ${list} entry`,
        accepted: [entries(1)],
        refused: [entries(0)],
        field: `spec.${list}`,
        says: tooFew,
      },
      {
        clauses: [`validation-refgrant-${list}-bounds`],
        wrong: `17 ${list} entries`,
        accepted: [entries(16)],
        refused: [entries(17)],
        field: `spec.${list}`,
        says: tooMany,
      },
      ...Object.keys(entry).map((field) => ({
        clauses: [`validation-refgrant-${list}-fields`],
        wrong: `no ${field} in ${list}`,
        accepted: [grant({ [list]: [entry] })],
        refused: [grant({ [list]: [without(entry, field)] })],
        field: `spec.${list}[0].${field}`,
        says: missing,
      })),
      ...Object.entries(values).flatMap(([field, { good, bad }]) =>
        bad.map(([wrong, value, says]) => ({
          clauses: [`validation-refgrant-${list}-fields`],
          wrong: `${wrong} as ${field} in ${list}`,
          accepted: good.map((each) => grant({ [list]: [{ ...entry, [field]: each }] })),
          refused: [grant({ [list]: [{ ...entry, [field]: value }] })],
          field: `spec.${list}[0].${field}`,
          says,
        })),
      ),
    ];
  }),
];

scenario(
  {
    id: 'validation/reference-grant',
    title: 'The API server refuses ReferenceGrants that name too little or too much, and says where',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
