import type { CallRecord } from '../../harness/results/run.ts';
import { formatClock, formatMs } from '../figures/figures.ts';
import { h, type Child } from './dom.ts';
import { lazyDetails, manyOf } from './lazy.ts';

/** Each call with what the client sent beside what the backend says it received, and what came back. */
export function calls(records: CallRecord[], openLast: boolean): Child {
  return manyOf(records, (record, index) =>
    lazyDetails('call', line(record), () => bothEnds(record), openLast && index === records.length - 1),
  );
}

const roles = { failed: 'the one that failed', raw: 'again, as raw HTTP/2' };

function line(call: CallRecord): Child {
  const status = call.grpcStatus === null ? 'no status' : `${call.grpcStatusName} (${call.grpcStatus})`;
  const outcome =
    call.error !== undefined
      ? call.error
      : call.backend === undefined
        ? call.grpcStatus === 0
          ? 'backend’s end not known'
          : 'no backend'
        : `from ${call.backend.name}`;
  return [
    h('span', { class: `status ${call.grpcStatus === 0 ? 'ok' : 'not-ok'}` }, status),
    h('span', { class: 'method' }, call.method),
    call.role === undefined ? undefined : h('b', {}, roles[call.role]),
    h('span', { class: 'muted' }, `${outcome}, ${formatMs(call.durationMs)}, at ${formatClock(call.atMs)}`),
  ];
}

/** What the client sent beside what the backend received, and what came back. */
export function bothEnds(call: CallRecord): Child {
  return [
    h(
      'table',
      { class: 'ends' },
      h('caption', {}, 'Request: what the client sent, what the backend received'),
      head(['', 'sent', 'received']),
      h('tbody', {}, requestRows(call)),
    ),
    call.backend === undefined
      ? h('p', { class: 'muted' }, 'No backend says it received this call.')
      : h(
          'p',
          { class: 'muted' },
          `Received by ${call.backend.pod} (${call.backend.name}) from ${call.backend.peer}, ${call.backend.tls ? 'over TLS' : 'without TLS'}.`,
        ),
    h(
      'table',
      { class: 'ends' },
      h(
        'caption',
        {},
        `Response: ${call.grpcStatusName}${call.grpcMessage === '' || call.grpcMessage === call.grpcStatusName ? '' : `, “${call.grpcMessage}”`}`,
      ),
      head(['', 'value', 'sent as']),
      h('tbody', {}, [
        ...responseRows(call.responseHeaders, 'header'),
        ...responseRows(call.responseTrailers, 'trailer'),
      ]),
    ),
    call.error === undefined ? undefined : h('p', { class: 'error' }, call.error),
  ];
}

function head(names: string[]): HTMLElement {
  return h(
    'thead',
    {},
    h(
      'tr',
      {},
      names.map((name) => h('th', { scope: 'col' }, name === '' ? h('span', { class: 'sr' }, 'name') : name)),
    ),
  );
}

function requestRows(call: CallRecord): HTMLElement[] {
  const { backend } = call;
  const sent = new Map([
    [':target', [call.target]],
    [':authority', [call.authority]],
    ['method', [call.method]],
    ...grouped(call.requestMetadata),
  ]);
  const received =
    backend === undefined
      ? undefined
      : new Map([
          [':authority', [backend.authority]],
          ['method', [backend.method]],
          ...grouped(backend.metadata),
        ]);
  const keys = [...new Set([...sent.keys(), ...(received?.keys() ?? [])])];
  return keys.map((key) => requestRow(key, sent.get(key), received === undefined ? null : received.get(key)));
}

/** `received` null: no backend answered, so nothing can be compared. */
function requestRow(
  key: string,
  sent: string[] | undefined,
  received: string[] | undefined | null,
): HTMLElement {
  const state = key === ':target' || received === null ? 'same' : difference(sent, received);
  const added = setByLibrary.has(key) ? 'set by the gRPC library' : 'added on the way';
  const notes = { same: '', added, lost: 'not received', changed: 'changed on the way' };
  const note = notes[state];
  return h(
    'tr',
    { class: state },
    h('th', { scope: 'row' }, key, note === '' ? undefined : h('span', { class: 'note' }, note)),
    h('td', { 'data-label': 'sent' }, values(sent)),
    h('td', { 'data-label': 'received' }, key === ':target' ? '' : values(received ?? undefined)),
  );
}

/** Clients send these for every call; a test does not choose them. */
const setByLibrary = new Set([
  'user-agent',
  'te',
  'content-type',
  'grpc-timeout',
  'grpc-accept-encoding',
  'accept-encoding',
]);

function difference(
  sent: string[] | undefined,
  received: string[] | undefined,
): 'same' | 'added' | 'lost' | 'changed' {
  if (sent === undefined) return 'added';
  if (received === undefined) return 'lost';
  return sent.join(', ') === received.join(', ') ? 'same' : 'changed';
}

function responseRows(pairs: [string, string][], kind: string): HTMLElement[] {
  return [...grouped(pairs)].map(([key, found]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, key),
      h('td', { 'data-label': 'value' }, values(found)),
      h('td', { 'data-label': 'sent as' }, kind),
    ),
  );
}

function grouped(pairs: [string, string][]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

const longValue = 400;

function values(found: string[] | undefined): Child {
  if (found === undefined) return h('span', { class: 'muted' }, '–');
  return found.map((value) => {
    if (value.length <= longValue) return h('div', { class: 'value' }, value);
    const rest = lazyDetails(
      'long',
      `${value.slice(0, 80)}… ${value.length} characters`,
      () => h('div', { class: 'value' }, value),
      false,
    );
    return rest;
  });
}
