import { append, h, type Child } from './dom.ts';

/** A native details element whose content is made when it is first opened. */
export function lazyDetails(
  className: string,
  summary: Child,
  content: () => Child,
  open: boolean,
): HTMLDetailsElement {
  const details = h('details', { class: className }, h('summary', {}, summary));
  const fill = (): void => {
    const body = h('div', { class: 'body' });
    append(body, [content()]);
    details.append(body);
  };
  if (open) {
    fill();
    details.open = true;
  } else {
    details.addEventListener('toggle', fill, { once: true });
  }
  return details;
}

const batch = 50;

/** The first fifty, and a button for the rest: a distribution scenario keeps hundreds of calls. */
export function manyOf<T>(items: T[], view: (item: T, index: number) => Child, from = 0): Child {
  const shown = items.slice(from, from + batch).map((item, i) => view(item, from + i));
  const left = items.length - from - batch;
  if (left <= 0) return shown;
  const more = h('button', { type: 'button', class: 'more' }, `Show more (${left} left)`);
  const holder = h('div', {}, more);
  more.addEventListener('click', () => {
    holder.replaceChildren();
    append(holder, [manyOf(items, view, from + batch)]);
  });
  return [shown, holder];
}
