import { keyOf } from '../../../common/object-key.ts';
import { judgePolicies } from '../../translate/backends/backend-tls.ts';
import { CaReader } from '../../translate/backends/ca-certificates.ts';
import type { BackendTlsPolicy } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';
import { unseen } from './unseen.ts';

/** Edits the policies that routes are translated with, and leaves every status as it would be without the fault. */
export function onPolicies(
  edit: (policies: readonly BackendTlsPolicy[], input: TranslateInput) => readonly BackendTlsPolicy[],
): FaultHooks {
  return unseen((input) => ({
    ...input,
    objects: { ...input.objects, backendTlsPolicies: edit(input.objects.backendTlsPolicies, input) },
  }));
}

/** The keys of the policies that cannot be met. */
export function unmet({ objects, controllerName }: TranslateInput): Set<string> {
  const { judged } = judgePolicies({
    policies: objects.backendTlsPolicies,
    services: new Map(objects.services.map((service) => [keyOf(service), service])),
    configMaps: new Map(objects.configMaps.map((configMap) => [keyOf(configMap), configMap])),
    cas: new CaReader(),
    controllerName,
  });
  return new Set(judged.flatMap(({ key, tls }) => (tls === undefined ? key : [])));
}

/** The keys of the Services that policies are for. */
export function targetsOf(policies: readonly BackendTlsPolicy[]): Set<string> {
  return new Set(
    policies.flatMap(({ metadata, spec }) =>
      spec.targetRefs.map(({ name }) => keyOf({ metadata: { namespace: metadata.namespace, name } })),
    ),
  );
}
