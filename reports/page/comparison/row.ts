import { append, h, type Child } from '../dom.ts';

export interface ComparedRow {
  id: string;
  element: HTMLDetailsElement;
  /** Whether some implementation fails it. */
  failed: boolean;
  /** Lower-case text that a search looks in. */
  words: string;
}

export interface Mark {
  /** Of the implementation. */
  name: string;
  symbol: string;
  label: string;
  look: string;
  /** Set apart: nobody has looked at it. */
  strong?: boolean;
}

/** A line with a mark for each implementation; its content is made when it is first opened. */
export function comparedRow(
  id: string,
  title: string,
  marks: Mark[],
  content: () => Child,
): HTMLDetailsElement {
  const body = h('div', { class: 'detail' });
  const row = h(
    'details',
    { class: 'compared-row' },
    h(
      'summary',
      {},
      h('span', { class: 'about-row' }, h('span', { class: 'id' }, id), h('span', { class: 'title' }, title)),
      marks.map(markOf),
    ),
    body,
  );
  row.addEventListener('toggle', () => append(body, [content()]), { once: true });
  return row;
}

function markOf({ name, symbol, label, look, strong }: Mark): HTMLElement {
  return h(
    'span',
    { class: `cell v-${look}${strong === true ? ' strong' : ''}`, title: `${name}: ${label}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h('span', { class: 'sr' }, `${label}: `),
    h('span', { class: 'of' }, name),
  );
}
