import { symbols } from '../chart-parts.ts';
import type { Colours } from '../theme.ts';

/** Of a run in every chart of the page; told apart by more than a colour. */
export function lookOf(index: number, c: Colours): { color: string; symbol: string; type: string } {
  const color = [c.direct, c.gateway, c.floor][index % 3] ?? c.text;
  const type = ['solid', 'dashed', 'dotted'][Math.floor(index / 3) % 3] ?? 'solid';
  return { color, symbol: symbols[index % symbols.length] ?? 'circle', type };
}
