import type { IrHeaderEdit } from '../../ir/ir.ts';
import type { HeaderModifier } from '../model/gateway-api.ts';
import type { Result } from '../model/result.ts';

export function noEdit(): IrHeaderEdit {
  return { set: [], add: [], remove: [] };
}

/**
 * One header modifier filter. Names are lower-cased; of equal names in one list the first counts. Two actions on one name
 * are invalid configuration.
 */
export function headerEdit(modifier: HeaderModifier | undefined): Result<IrHeaderEdit> {
  const set = firstOfEachName(modifier?.set ?? []);
  const add = firstOfEachName(modifier?.add ?? []);
  const remove = [...new Set((modifier?.remove ?? []).map((name) => name.toLowerCase()))];
  const names = [...set, ...add].map((header) => header.name).concat(remove);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { problem: `more than one action on header ${twice}` };
  return { value: { set, add, remove } };
}

export function joinEdits(left: IrHeaderEdit, right: IrHeaderEdit): IrHeaderEdit {
  return {
    set: [...left.set, ...right.set],
    add: [...left.add, ...right.add],
    remove: [...left.remove, ...right.remove],
  };
}

function firstOfEachName(
  headers: readonly { name: string; value: string }[],
): { name: string; value: string }[] {
  const byName = new Map<string, string>();
  for (const { name, value } of headers) {
    if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), value);
  }
  return [...byName].map(([name, value]) => ({ name, value }));
}
