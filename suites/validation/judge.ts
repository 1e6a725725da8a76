import { assert } from '../../harness/index.ts';
import type { KubernetesObject, Scenario } from '../../harness/index.ts';

/** One rule of the schema: what keeps it is accepted, its neighbour by the smallest change is refused, and the refusal says where. */
export interface Case {
  /** The clauses that it proves. */
  clauses: string[];
  /** What is wrong with the refused ones. */
  wrong: string;
  accepted: KubernetesObject[];
  refused: KubernetesObject[];
  /** Path of the field that the refusal has to name. */
  field: string;
  /** What the refusal has to say about it. */
  says: RegExp;
}

/** The clauses of all cases: a scenario claims what its table holds, no more. */
export function clausesOf(cases: readonly Case[]): string[] {
  return [...new Set(cases.flatMap(({ clauses }) => clauses))];
}

/** Asks the API server about every object of every case, in dry runs, and reports all rules that do not hold together. */
export async function judge(t: Scenario, cases: readonly Case[]): Promise<void> {
  const failures: string[] = [];
  for (const one of cases) failures.push(...(await failuresOf(t, one)));
  await t.check(
    `${String(cases.length)} rules: what breaks one is refused with its field and message, its neighbour is accepted`,
    () => assert(failures.length === 0, failures.join('\n')),
    'apply',
  );
}

async function failuresOf(t: Scenario, one: Case): Promise<string[]> {
  const { clauses, wrong, field, says } = one;
  const verdictsOf = (objects: KubernetesObject[]): Promise<(string | undefined)[]> =>
    Promise.all(objects.map((object) => t.rejection(object)));
  const [accepted, refused] = await Promise.all([verdictsOf(one.accepted), verdictsOf(one.refused)]);
  const name = `${clauses.join(', ')} (${wrong}, ${field})`;
  return [
    ...accepted.flatMap((refusal, index) =>
      refusal === undefined ? [] : [`${name}: valid neighbour ${String(index + 1)} is refused: ${refusal}`],
    ),
    ...refused.flatMap((refusal, index) => {
      if (refusal === undefined) return [`${name}: invalid object ${String(index + 1)} is accepted`];
      if (refusal.includes(field) && says.test(refusal)) return [];
      return [`${name}: the refusal does not name ${field} with ${String(says)}: ${refusal}`];
    }),
  ];
}

/** `count` items, each made from its index. */
export function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export const tooMany = /Too many: \d+: must have at most/;
export const tooFew = /should have at least|must have at least/;
export const tooLong = /Too long/;
export const tooShort = /should be at least 1 chars long/;
export const badPattern = /should match|must be a valid|does not match/;
export const missing = /Required value/;
export const unknownValue = /Unsupported value/;
export const outOfRange = /should be (greater|less) than or equal to/;
/** Server-side apply and validation of lists word it differently. */
export const duplicate = /[Dd]uplicate|must be unique/;
