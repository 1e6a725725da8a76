import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { nearest } from '../structure-words.ts';
import { gatewayGroup, isGateway } from '../world.ts';
import type { BackendRef, ParentRef, World } from '../world.ts';
import { policyRefsOf } from './backend-tls.ts';
import { certificates, clientCas, clientCertificate } from './gateway-grants.ts';
import { parentsOf } from './parents.ts';
import { backendsOf, isImpossible } from './references.ts';

/** Names that nothing among the manifests has, but something nearly: it may be elsewhere, or it is a slip. */
export const nearNameRules: Rule[] = [{ id: 'name-nearby', level: 'note', check: nearNames }];

interface Reference {
  path: FieldPath;
  ref: BackendRef | ParentRef;
}

function nearNames(source: SourceObject, world: World): Issue[] {
  const own = world.namespaceOf(source.object);
  const all = [
    ...withDefaults(parentsOf(source.object), { group: gatewayGroup, kind: 'Gateway' }),
    ...withDefaults([...backendsOf(source), ...policyRefsOf(source)], { group: '', kind: 'Service' }),
    ...withDefaults([...certificates(source), ...clientCertificate(source), ...clientCas(source)], {
      group: '',
      kind: 'Secret',
    }),
  ];
  const { gatewayClassName = '' } = (isGateway(source.object) ? source.object.spec : undefined) ?? {};
  const ofClass = {
    at: ['spec', 'gatewayClassName'],
    // It has no namespace, as one that is not written.
    ref: {
      group: gatewayGroup,
      kind: 'GatewayClass',
      name: gatewayClassName,
      namespace: world.namespaceOf({}),
    },
  };
  const named = all.map(({ path, ref }) => ({ at: [...path, 'name'], ref }));
  return [...named, ofClass].flatMap(({ at, ref }): Issue[] => {
    const { group = '', kind = '', namespace = own, name = '' } = ref;
    if ((group !== '' && group !== gatewayGroup) || isImpossible(ref)) return [];
    const meant = meantName({ kind, namespace, name }, world);
    if (meant === undefined) return [];
    return [
      {
        path: at,
        message: `there is no ${kind} ${name} in these files, but ${meant}`,
        fix: `mend the name if ${meant} is meant`,
      },
    ];
  });
}

function withDefaults(references: Reference[], defaults: { group: string; kind: string }): Reference[] {
  return references.map(({ path, ref }) => ({ path, ref: { ...defaults, ...ref } }));
}

/** Names that differ in a number or in their last part, such as those of versions, are meant to, and short ones are alike by chance. */
function meantName(
  { kind, namespace, name }: { kind: string; namespace: string; name: string },
  world: World,
): string | undefined {
  if (name.length < 4 || world.all(kind, namespace, name).length > 0) return undefined;
  if (world.elsewhere(kind, namespace, name) !== undefined) return undefined;
  const names = world.namesIn(kind, namespace);
  const meant = nearest(name, names);
  if (meant === undefined || meant.length < 4) return undefined;
  return stemsOf(names).has(stemOf(name)) && !isSlip(lastPartOf(name), lastPartOf(meant)) ? undefined : meant;
}

/** Whether the last parts are long words that a slip keeps apart. */
function isSlip(part: string, meant: string): boolean {
  return part.length > 5 && !/\d/.test(part + meant) && nearest(part, [meant]) !== undefined;
}

function lastPartOf(name: string): string {
  return name.slice(name.lastIndexOf('-') + 1);
}

const knownStems = new WeakMap<readonly string[], Set<string>>();

function stemsOf(names: readonly string[]): Set<string> {
  const stems = knownStems.get(names) ?? new Set(names.map(stemOf));
  knownStems.set(names, stems);
  return stems;
}

/** Without numbers and the last part. */
function stemOf(name: string): string {
  return name.replace(/-[^-]*$/, '-').replace(/\d+/g, '0');
}
