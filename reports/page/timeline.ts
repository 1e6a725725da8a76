import type { TimelineEvent } from '../../harness/results/run.ts';
import { formatClock } from '../figures/figures.ts';
import { h } from './dom.ts';

const lanes = [
  'apply',
  'status',
  'event',
  'probe',
  'check',
  'step',
] as const satisfies readonly TimelineEvent['kind'][];

/** What happened when: a lane for each kind of event on one axis of time, and the same as a list. */
export function timeline(events: TimelineEvent[]): HTMLElement {
  const endMs = Math.max(1, ...events.map((e) => e.untilMs ?? e.atMs));
  const used = lanes.filter((lane) => events.some((e) => e.kind === lane));
  const chart = h(
    'div',
    {
      class: 'lanes',
      role: 'img',
      'aria-label': `${events.length} events over ${formatClock(endMs)}; the list below has them all`,
    },
    used.map((lane) =>
      laneRow(
        lane,
        events.filter((e) => e.kind === lane),
        endMs,
      ),
    ),
    axis(endMs),
  );
  return h('div', { class: 'timeline' }, chart, eventList(events));
}

function laneRow(lane: string, events: TimelineEvent[], endMs: number): HTMLElement {
  return h(
    'div',
    { class: 'lane' },
    h('span', { class: 'lane-name' }, lane),
    h(
      'span',
      { class: 'track' },
      events.map((e) => mark(e, endMs)),
    ),
  );
}

function mark(event: TimelineEvent, endMs: number): HTMLElement {
  const left = (100 * event.atMs) / endMs;
  const width = (100 * ((event.untilMs ?? event.atMs) - event.atMs)) / endMs;
  const span = width > 0 ? 'spell' : 'dot';
  const count = event.count !== undefined && event.count > 1 ? ` ×${event.count}` : '';
  return h('i', {
    class: `${span} ${look(event)}`,
    style: `left:${left.toFixed(2)}%;width:${width > 0 ? `${width.toFixed(2)}%` : ''}`,
    title: `${formatClock(event.atMs)}  ${event.object ?? ''} ${event.text}${count}`,
  });
}

function axis(endMs: number): HTMLElement {
  const step = niceStep(endMs / 5);
  const ticks = Array.from({ length: Math.floor(endMs / step) + 1 }, (_, i) => i * step);
  const tick = (ms: number): HTMLElement =>
    h('span', { style: `left:${((100 * ms) / endMs).toFixed(2)}%` }, ms === 0 ? '0' : formatClock(ms));
  return h(
    'div',
    { class: 'lane axis' },
    h('span', { class: 'lane-name' }),
    h('span', { class: 'track' }, ticks.map(tick)),
  );
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((m) => m * power >= rough) ?? 10);
}

function eventList(events: TimelineEvent[]): HTMLElement {
  const row = (e: TimelineEvent): HTMLElement =>
    h(
      'tr',
      { class: look(e) },
      h(
        'td',
        { class: 'num' },
        e.untilMs === undefined ? formatClock(e.atMs) : `${formatClock(e.atMs)} – ${formatClock(e.untilMs)}`,
      ),
      h('td', { class: 'kind' }, e.kind),
      h(
        'td',
        {},
        h('span', { class: 'ok-symbol' }, symbol(e)),
        ' ',
        e.text,
        e.count !== undefined && e.count > 1 ? h('b', {}, ` ×${e.count}`) : undefined,
        e.object === undefined ? undefined : h('span', { class: 'object' }, e.object),
      ),
    );
  return h(
    'div',
    { class: 'scroll events', tabindex: 0, role: 'region', 'aria-label': 'Events' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'after'),
          h('th', { scope: 'col' }, 'kind'),
          h('th', { scope: 'col' }, 'what'),
        ),
      ),
      h('tbody', {}, events.map(row)),
    ),
  );
}

function look(event: TimelineEvent): string {
  return event.ok === undefined ? 'neutral' : event.ok ? 'good' : 'bad';
}

function symbol(event: TimelineEvent): string {
  return event.ok === undefined ? '·' : event.ok ? '✓' : '✕';
}
