import type { Fault } from '../fault.ts';
import { unmatchable } from '../hooks/ir.ts';
import { withoutVariables } from '../hooks/text.ts';

/** Headers with binary values. */
export const binaryHeaders: readonly Fault[] = [
  {
    name: 'binary-header-never-matches',
    title: 'A match on a header whose name ends in -bin takes no call.',
    clauses: ['header-exact-value'],
    layers: ['routed'],
    hooks: () => ({
      ir: unmatchable(({ name }) => name.endsWith('-bin')),
    }),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** Headers that the protocol knows, and values that are taken for lists. */
export const reservedHeaders: readonly Fault[] = [
  {
    name: 'comma-in-header-value-never-matches',
    title: 'An Exact match on a header value with a comma takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ match }) => match.value.includes(',')),
    }),
  },
  {
    name: 'headers-of-the-protocol-never-match',
    title: 'A match on user-agent or authorization takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ name }) => ['user-agent', 'authorization'].includes(name)),
    }),
  },
  {
    name: 'user-agent-never-matches',
    title: 'A match on user-agent takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ name }) => name === 'user-agent') }),
  },
];

/** Spaces and underscores. */
export const spelledHeaders: readonly Fault[] = [
  {
    name: 'space-in-header-value-never-matches',
    title: 'An Exact match on a header value with a space takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes(' ')) }),
  },
  {
    name: 'underscored-header-never-matches',
    title: 'A match on a header whose name has an underscore takes no call.',
    clauses: ['header-exact-value'],
    layers,
    reference: 'kubernetes/ingress-nginx#5863',
    hooks: () => ({ ir: unmatchable(({ name }) => name.includes('_')) }),
  },
];

/** Values of matches that are written into a language of rules as they are. */
export const literalMatches: readonly Fault[] = [
  {
    name: 'backslash-in-header-value-never-matches',
    title: 'An Exact match on a header value with a backslash takes no call.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes('\\') && match.type === 'exact') }),
  },
  {
    name: 'backtick-in-header-value-never-matches',
    title: 'An Exact match on a header value with a backtick takes no call.',
    clauses: ['header-exact-value'],
    layers,
    reference: 'traefik/traefik#12753',
    hooks: () => ({ ir: unmatchable(({ match }) => match.value.includes('`')) }),
  },
  {
    name: 'dollar-in-header-value-never-matches',
    title: 'An Exact match on a header value with a dollar sign takes no call where a name follows it.',
    clauses: ['header-exact-value'],
    layers,
    hooks: () => ({
      ir: unmatchable(({ match }) => match.type === 'exact' && withoutVariables(match.value) !== match.value),
    }),
  },
];
