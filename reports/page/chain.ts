import { layers, type Layer } from '../../harness/results/run.ts';
import type { ScenarioDetail, ScenarioHead } from '../formats/page-data.ts';
import { h } from './dom.ts';

const told: Record<Layer, string> = {
  apply: 'the API server takes the objects',
  status: 'conditions say what they should',
  programmed: 'the data plane is ready and has an address',
  connect: 'a TCP connection is made',
  tls: 'the TLS handshake succeeds',
  http2: 'HTTP/2 is spoken',
  routed: 'the right rule is chosen',
  backend: 'the right backend answers',
  trailers: 'status and trailers come back whole',
};

const absent = { look: 'absent', symbol: '–', label: 'not applicable' };

/**
 * The way of a call, with the layer at fault marked. What lies behind a fault is unknown, not right; what no call had, TLS, is
 * neither.
 */
export function chain(scenario: ScenarioHead, { calls }: ScenarioDetail): HTMLElement {
  const withoutTls = calls.length > 0 && calls.every(({ tls }) => tls === false);
  const fault = scenario.layer === undefined ? -1 : layers.indexOf(scenario.layer);
  const label =
    scenario.layer === undefined ? 'Layers of the call' : `Layers of the call; at fault: ${scenario.layer}`;
  const step = (layer: Layer, index: number): HTMLElement => {
    const state = layer === 'tls' && withoutTls && index !== fault ? absent : stateOf(scenario, index, fault);
    return h(
      'li',
      {
        class: `step ${state.look}`,
        title: `${layer}: ${told[layer]}`,
        'aria-current': index === fault ? 'step' : undefined,
      },
      h('span', { class: 'symbol', 'aria-hidden': 'true' }, state.symbol),
      h('span', {}, layer),
      h('span', { class: 'sr' }, ` ${state.label}`),
    );
  };
  return h('ol', { class: 'chain', 'aria-label': label }, layers.map(step));
}

function stateOf(
  s: ScenarioHead,
  index: number,
  fault: number,
): { look: string; symbol: string; label: string } {
  if (s.verdict === 'pass') return { look: 'reached', symbol: '✓', label: 'held' };
  if (index === fault) {
    const blamed = s.verdict === 'setup-failed' || s.verdict === 'not-run';
    return blamed
      ? { look: 'stopped', symbol: '!', label: 'stopped here' }
      : { look: 'fault', symbol: '✕', label: 'at fault' };
  }
  if (index < fault) return { look: 'reached', symbol: '✓', label: 'not at fault' };
  return { look: 'unknown', symbol: '·', label: 'not judged' };
}
