import { keyOf } from '../../../common/object-key.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';

const kindsOf = (objects: Objects): (keyof Objects)[] => Object.keys(objects) as (keyof Objects)[];

/** What is written into a status, mostly by the controller itself, is no change. */
function isChanged(now: Objects[keyof Objects], before: Objects[keyof Objects]): boolean {
  if (now === before) return false;
  const generations = (objects: Objects[keyof Objects]): string =>
    objects.map(({ metadata }) => `${keyOf({ metadata })} ${generationOf(metadata) ?? ''}`).join();
  const isCounted = now.some(({ metadata }) => generationOf(metadata) !== undefined);
  return !isCounted || generations(now) !== generations(before);
}

function generationOf(metadata: object): number | undefined {
  return (metadata as { generation?: number }).generation;
}

/** Changes of one kind of objects are seen with the next change of another kind: nobody has said that they matter. */
function unheardAlone(kind: keyof Objects): FaultHooks {
  let before: Objects | undefined;
  let shown: Objects | undefined;
  return {
    input: (input) => {
      const { objects } = input;
      const last = before;
      before = objects;
      const isElse = (one: keyof Objects): boolean =>
        one !== kind && (last === undefined || isChanged(objects[one], last[one]));
      if (kindsOf(objects).some(isElse)) shown = objects;
      const known = shown ?? objects;
      return known[kind] === objects[kind]
        ? input
        : { ...input, objects: { ...objects, [kind]: known[kind] } };
    },
  };
}

/** What a translator that remembers may forget to look at. Where much happens, something else has it look. */
export const unheardChanges: readonly Fault[] = [
  {
    name: 'grant-alone-unheard',
    title: 'A ReferenceGrant that comes or goes is seen with the next change of anything else.',
    clauses: ['refgrant-addition-enables', 'refgrant-removal-revokes'],
    layers: ['status', 'routed', 'backend'],
    quiet: true,
    hooks: () => unheardAlone('referenceGrants'),
  },
  {
    name: 'namespace-label-alone-unheard',
    title: 'A label that a namespace gets or loses is seen with the next change of anything else.',
    clauses: ['listener-namespaces-selector-live'],
    layers: ['status', 'routed'],
    quiet: true,
    hooks: () => unheardAlone('namespaces'),
  },
  {
    name: 'service-alone-unheard',
    title: 'A Service that changes is seen with the next change of anything else.',
    clauses: ['backend-service-forwarding'],
    layers: ['status', 'routed', 'backend'],
    quiet: true,
    hooks: () => unheardAlone('services'),
  },
  {
    name: 'certificate-alone-unheard',
    title: 'A certificate that is replaced is shown with the next change of anything else.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls'],
    quiet: true,
    hooks: () => unheardAlone('secrets'),
  },
  {
    name: 'ca-alone-unheard',
    title: 'The CA of a BackendTLSPolicy that is replaced is used with the next change of anything else.',
    clauses: ['btls-ca-content-reconciled'],
    layers: ['routed', 'backend'],
    quiet: true,
    hooks: () => unheardAlone('configMaps'),
  },
];
