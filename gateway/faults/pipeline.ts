import type { Pipeline } from '../controller.ts';
import type { XdsResource, XdsSnapshot, XdsType } from '../xds/resource.ts';
import type { FaultHooks } from './fault.ts';
import { settle } from './hooks/settle.ts';

/** The pipeline with a fault's hooks between its stages. */
export function faulty(pipeline: Pipeline, hooks: FaultHooks): Pipeline {
  return {
    translate: (input) => {
      const { gateways, statuses, usedClasses } = pipeline.translate(hooks.input?.(input) ?? input);
      const { ir: editIr } = hooks;
      const irs = editIr && new Map([...gateways].map(([key, ir]) => [key, editIr(ir)] as const));
      const written = hooks.statuses?.(statuses, input) ?? statuses;
      return {
        gateways: irs ?? gateways,
        statuses: hooks.writesRestlessly === true ? [...written] : settle(written, input),
        usedClasses: hooks.usedClasses?.(usedClasses) ?? usedClasses,
      };
    },
    toXds: (ir, memo) => {
      const snapshot = pipeline.toXds(ir, memo);
      return hooks.xds === undefined ? snapshot : edited(snapshot, ir.key, hooks.xds);
    },
    ...(hooks.proxyObjects && { proxyObjects: hooks.proxyObjects }),
    ...(hooks.forProxy && { forProxy: hooks.forProxy }),
  };
}

function edited(
  snapshot: XdsSnapshot,
  gatewayKey: string,
  edit: NonNullable<FaultHooks['xds']>,
): XdsSnapshot {
  const entries = Object.entries(snapshot).map(([type, resources]) => {
    const next = new Map<string, XdsResource>();
    for (const [name, resource] of resources) {
      const changed = edit(resource, gatewayKey);
      if (changed !== undefined) next.set(name, changed);
    }
    return [type as XdsType, next] as const;
  });
  return Object.fromEntries(entries) as unknown as XdsSnapshot;
}
