import {
  backendRefs,
  filtering,
  gateway,
  headers,
  https,
  matching,
  method,
  pattern,
  route,
  type Case,
} from './objects.ts';

const named = (object: object, name: string): object => ({ ...object, metadata: { name } });

/** Matches and filters. */
export const matchesCases: Case[] = [
  {
    rule: 'header-named-twice',
    field: 'spec.rules[0].matches[0].headers[1].name',
    bad: [matching(headers('Env', 'env'))],
    good: [matching(headers('env'), headers('Env'))],
  },
  {
    rule: 'method-without-service',
    field: 'spec.rules[0].matches[0].method',
    bad: [matching(method(undefined, 'Get'), headers('a'))],
    good: [matching(method('a.B', 'Get'), headers('a'))],
  },
  {
    rule: 'regular-expression',
    field: 'spec.rules[0].matches[0].method.type',
    bad: [matching(method('a.+', 'Get', 'RegularExpression'))],
    good: [matching(method('a.B', 'Get'), headers('a'))],
  },
  {
    rule: 'rule-named-twice',
    field: 'spec.rules[1].name',
    bad: [
      route({
        rules: [
          { name: 'a', matches: [headers('a')], backendRefs },
          { name: 'a', backendRefs },
        ],
      }),
    ],
    good: [
      route({
        rules: [
          { name: 'a', matches: [headers('a')], backendRefs },
          { name: 'b', backendRefs },
        ],
      }),
    ],
  },
  {
    rule: 'reflection-not-routed',
    field: 'spec.rules',
    bad: [matching(method('a.B', 'Get'))],
    good: [matching(method('a.B', 'Get'), method('grpc.reflection.v1.ServerReflection', undefined))],
  },

  {
    rule: 'method-empty',
    field: 'spec.rules[0].matches[0].method',
    bad: [matching({ method: { type: 'RegularExpression', service: '', method: '' } })],
    good: [matching({})],
  },
  {
    rule: 'match-in-other-route',
    field: 'spec.rules[0].matches[0]',
    bad: [gateway(https), matching(headers('a')), named(matching(headers('A')), 'other')],
    good: [gateway(https), matching(headers('a')), named(matching(headers('b')), 'other')],
  },
  {
    rule: 'match-in-other-route',
    field: 'spec.rules[0]',
    bad: [
      gateway(https),
      route({ hostnames: ['a.example.com'] }),
      named(route({ hostnames: ['a.example.com'] }), 'other'),
    ],
    good: [gateway(https), route({ hostnames: ['a.example.com'] }), named(route(), 'other')],
  },
  {
    rule: 'match-repeated',
    field: 'spec.rules[1]',
    bad: [route({ rules: [{ matches: [{}], backendRefs }, { backendRefs }] })],
    good: [route({ rules: [{ matches: [headers('a')], backendRefs }, { backendRefs }] })],
  },
  {
    rule: 'match-repeated',
    field: 'spec.rules[1].matches[0]',
    bad: [
      route({
        rules: [
          { matches: [headers('a', 'b')], backendRefs },
          { matches: [headers('B', 'a')], backendRefs },
        ],
      }),
    ],
    good: [
      route({
        rules: [
          { matches: [headers('a')], backendRefs },
          { matches: [headers('b')], backendRefs },
        ],
      }),
    ],
  },
  {
    rule: 'regular-expression-invalid',
    field: 'spec.rules[0].matches[0].headers[0].value',
    bad: [pattern('a(')],
    good: [matching(headers('a'))],
  },
  {
    rule: 'regular-expression-dialect',
    field: 'spec.rules[0].matches[0].headers[0].value',
    bad: [pattern('a(?=b)')],
    good: [matching(headers('a'))],
  },
  {
    rule: 'header-changed-twice',
    field: 'spec.rules[0].filters[0].requestHeaderModifier.remove[0]',
    bad: [
      filtering({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'a', value: 'b' }], remove: ['A'] },
      }),
    ],
    good: [
      filtering({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'a', value: 'b' }], remove: ['c'] },
      }),
    ],
  },
  {
    rule: 'header-listed-twice',
    field: 'spec.rules[0].filters[0].requestHeaderModifier.add[1]',
    bad: [
      filtering({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: {
          add: [
            { name: 'a', value: 'b' },
            { name: 'A', value: 'c' },
          ],
        },
      }),
    ],
    good: [
      filtering({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: {
          add: [
            { name: 'a', value: 'b' },
            { name: 'c', value: 'c' },
          ],
        },
      }),
    ],
  },
  {
    rule: 'extension-filter',
    field: 'spec.rules[0].filters[0].extensionRef',
    bad: [
      filtering({ type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Auth', name: 'a' } }),
    ],
    good: [route()],
  },
];
