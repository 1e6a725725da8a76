import type { Fault } from '../fault.ts';
import { onMatches } from '../hooks/ir.ts';
import { onGrpcMatches } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed'];

/** Takes the brackets that only keep alternatives together out of a pattern. */
const ungrouped = (pattern: string): string => pattern.replaceAll(/\(\?:([^()]*)\)/g, '$1');

/** Regular expressions that are written in a way that few are. */
export const patterns: readonly Fault[] = [
  {
    name: 'anchored-pattern-matches-nothing',
    title: 'A pattern for a service that ends in `$` is Accepted and takes no call.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only'],
    layers: ['routed'],
    hooks: () => ({
      input: onGrpcMatches((match) => {
        const { method } = match;
        if (method?.type !== 'RegularExpression' || method.service?.endsWith('$') !== true) return match;
        return { ...match, method: { ...method, service: `${method.service}/` } };
      }),
    }),
  },
  {
    name: 'regex-alternatives-ungrouped',
    title: 'In a pattern, the bar of alternatives divides the whole path instead of the name that it is for.',
    clauses: ['method-regex-service-and-method', 'method-regex-service-only', 'method-regex-method-only'],
    layers,
    hooks: () => ({
      ir: onMatches((match) =>
        match.path.type === 'regex'
          ? { ...match, path: { type: 'regex', value: ungrouped(match.path.value) } }
          : match,
      ),
    }),
  },
];
