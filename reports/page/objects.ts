import type { ConditionView, ObjectView } from '../wording/object-view.ts';
import { codeBlock } from './code-block.ts';
import { h, type Child } from './dom.ts';
import { lazyDetails, manyOf } from './lazy.ts';

/** Objects as they were before clean-up: conditions in the summary line, YAML on a click. */
export function objects(views: ObjectView[]): Child {
  return manyOf(views, (view) => {
    const title = `${view.kind} ${view.name}`;
    const head = [
      h('b', {}, view.kind),
      h('span', { class: 'method' }, view.name),
      ...view.conditions.map(chip),
    ];
    return lazyDetails(
      'object-view',
      head,
      () => [conditionTable(view.conditions), codeBlock(view.yaml, title, 'yaml')],
      false,
    );
  });
}

function chip(c: ConditionView): HTMLElement {
  return h(
    'span',
    { class: `condition ${c.status === 'True' ? 'true' : 'false'}${c.stale ? ' stale' : ''}` },
    `${c.type}=${c.status}${c.stale ? ' (stale)' : ''}`,
  );
}

function conditionTable(conditions: ConditionView[]): Child {
  if (conditions.length === 0) return undefined;
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Conditions' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['of', 'condition', 'reason', 'message'].map((t) => h('th', { scope: 'col' }, t)),
        ),
      ),
      h(
        'tbody',
        {},
        conditions.map((c) =>
          h(
            'tr',
            {},
            h('td', {}, c.of === '' ? 'object' : c.of),
            h('td', {}, chip(c)),
            h('td', {}, c.reason),
            h('td', {}, c.message),
          ),
        ),
      ),
    ),
  );
}
