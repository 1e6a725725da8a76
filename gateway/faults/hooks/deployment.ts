import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import type { FaultHooks } from '../fault.ts';

export interface DeploymentSpec {
  replicas?: number;
  template: { spec: { containers: { args: string[] }[] } };
}

/** Edits the Deployment of each proxy, in a copy. */
export function onDeployments(edit: (spec: DeploymentSpec) => void): NonNullable<FaultHooks['proxyObjects']> {
  return (objects) =>
    objects.map((applied) => {
      if (applied.object.kind !== 'Deployment') return applied;
      const object = structuredClone(applied.object) as AppliedObject['object'] & { spec: DeploymentSpec };
      edit(object.spec);
      return { ...applied, object };
    });
}

/** Connections of what goes are closed at once, before their next answer could say GOAWAY. */
export const withoutDrainTime = onDeployments(({ template }) => {
  for (const { args } of template.spec.containers) {
    const at = args.indexOf('--drain-time-s');
    if (at >= 0) args[at + 1] = '0';
  }
});
