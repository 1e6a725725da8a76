import type { Pipeline } from '../pipeline.ts';
import type { XdsChanges, XdsResource, XdsType } from '../xds/resource.ts';
import type { IrGateway } from '../ir/ir.ts';
import { XdsDelta } from '../xds/xds-delta.ts';
import type { FaultHooks } from './fault.ts';
import { settle } from './hooks/settle.ts';

/** The pipeline with a fault's hooks between its stages. */
export function faulty(pipeline: Pipeline, hooks: FaultHooks): Pipeline {
  return {
    translate: (input) => {
      const { gateways, statuses, usedClasses, ...rest } = pipeline.translate(hooks.input?.(input) ?? input);
      const { ir: editIr } = hooks;
      const irs = editIr && new Map([...gateways].map(([key, ir]) => [key, editIr(ir)] as const));
      const written = hooks.statuses?.(statuses, input) ?? statuses;
      return {
        ...rest,
        gateways: irs ?? gateways,
        statuses: hooks.writesRestlessly === true ? [...written] : settle(written, input),
        usedClasses: hooks.usedClasses?.(usedClasses) ?? usedClasses,
      };
    },
    toXds: (ir, delta) => {
      const changes = pipeline.toXds(ir, delta);
      const told = hooks.tellsAll === true ? everything(ir, changes) : changes;
      return hooks.xds === undefined ? told : edited(told, ir.key, hooks.xds);
    },
    ...(hooks.proxyObjects && { proxyObjects: hooks.proxyObjects }),
    ...(hooks.forProxy && { forProxy: hooks.forProxy }),
    ...(hooks.classFinalizers && { classFinalizers: hooks.classFinalizers }),
  };
}

/** What is gone, and all that there is. */
function everything(ir: IrGateway, changes: XdsChanges): XdsChanges {
  const all = new XdsDelta().changes(ir);
  const entries = Object.entries(changes).map(([type, changed]) => {
    const told = new Map<string, XdsResource | undefined>([...changed, ...all[type as XdsType]]);
    return [type as XdsType, told] as const;
  });
  return Object.fromEntries(entries) as unknown as XdsChanges;
}

/** A resource that did not change is not edited again: hooks give the same for the same. */
function edited(changes: XdsChanges, gatewayKey: string, edit: NonNullable<FaultHooks['xds']>): XdsChanges {
  const entries = Object.entries(changes).map(([type, resources]) => {
    const next = new Map<string, XdsResource | undefined>();
    for (const [name, resource] of resources) next.set(name, resource && edit(resource, gatewayKey));
    return [type as XdsType, next] as const;
  });
  return Object.fromEntries(entries) as unknown as XdsChanges;
}
