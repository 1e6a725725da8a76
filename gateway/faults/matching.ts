import type { Fault } from './fault.ts';
import { onMatches } from './hooks/ir.ts';

/** Which calls a rule takes. */
export const matching: readonly Fault[] = [
  {
    name: 'exact-method-is-prefix',
    title: 'An exact method also takes every method whose name begins with it.',
    clauses: ['method-exact-is-not-prefix', 'method-exact-service-and-method'],
    layers: ['routed'],
    reference: 'Kong/kong-operator#4621',
    hooks: () => ({
      ir: onMatches((match) =>
        match.path.type === 'exact'
          ? { ...match, path: { type: 'regex', value: `${escapeRegex(match.path.value)}.*` } }
          : match,
      ),
    }),
  },
];

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
