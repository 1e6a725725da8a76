import type { Listener } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { alsoSections } from '../hooks/listener-sets.ts';
import { mapListeners, onObjects } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

const listenerLayers: Fault['layers'] = ['routed', 'status', 'connect'];

/** Of the listeners of a Gateway whose names are the same in short only the first is served, and every status is as if all were. */
function firstOfShort(short: (name: string) => string): FaultHooks {
  return unseen(
    onObjects('gateways', (gateway) => {
      const written = gateway.spec.listeners ?? [];
      const isFirst = ({ name }: Listener, index: number): boolean =>
        written.findIndex((each) => short(each.name) === short(name)) === index;
      return mapListeners(gateway, (listener, index) => (isFirst(listener, index) ? listener : undefined));
    }),
  );
}

/** Listeners that are told apart by less than their whole name. */
export const wholeListenerNames: readonly Fault[] = [
  {
    name: 'dots-and-dashes-of-listeners-mixed-up',
    title:
      'Of two listeners whose names differ in dots and dashes alone only one is served, and both say they are.',
    clauses: ['parentref-sectionname-selects-listener', 'listener-programmed-true'],
    layers: listenerLayers,
    hooks: () => firstOfShort((name) => name.replaceAll('.', '-')),
  },
  {
    name: 'long-listener-names-collide',
    title:
      'Of two listeners whose names begin with the same 63 characters only one is served, and both say they are.',
    clauses: ['parentref-sectionname-selects-listener', 'listener-programmed-true'],
    layers: listenerLayers,
    hooks: () => firstOfShort((name) => name.slice(0, 63)),
  },
  {
    name: 'long-section-name-cut',
    title: 'A route of one listener is also served by those whose names begin with the same 63 characters.',
    clauses: ['parentref-sectionname-selects-listener'],
    layers: listenerLayers,
    hooks: () =>
      alsoSections(
        (name, sectionName) => sectionName.length > 63 && name.slice(0, 63) === sectionName.slice(0, 63),
      ),
  },
];

/** A Gateway whose name is longer than those of what is made for it may be. */
export const wholeGatewayNames: readonly Fault[] = [
  {
    name: 'gateway-longer-than-a-label-unseen',
    title: 'A Gateway whose name is too long for the value of a label is never judged.',
    clauses: ['gateway-summary-conditions-always-present', 'gateway-observedgeneration-current'],
    layers: ['status', 'programmed'],
    reference: 'projectcontour/contour#5970',
    hooks: () => ({
      input: onObjects('gateways', (gateway) => (gateway.metadata.name.length > 63 ? undefined : gateway)),
    }),
  },
];
