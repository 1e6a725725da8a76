import type { EditForProxy } from './ads/ads-server.ts';
import type { AppliedObject } from './dataplane/proxy-objects.ts';
import type { IrGateway } from './ir/ir.ts';
import { Translator } from './translate/translator.ts';
import type { TranslateInput, Translation } from './translate/model/types.ts';
import type { XdsChanges } from './xds/resource.ts';
import type { XdsDelta } from './xds/xds-delta.ts';

/** The stages between Kubernetes and Envoy, each a function from plain data to plain data. */
export interface Pipeline {
  translate: (input: TranslateInput) => Translation;
  /** What differs from the last call with that delta, of which each Gateway has its own. */
  toXds: (gateway: IrGateway, delta: XdsDelta) => XdsChanges;
  /** Edits what is applied for a Gateway's proxy, the Deployment last. */
  proxyObjects?: (objects: AppliedObject[]) => AppliedObject[];
  /** Edits what one proxy is told, where a Gateway has several. */
  forProxy?: EditForProxy;
  /** Edits the finalizers that a GatewayClass is written with. */
  classFinalizers?: (finalizers: string[]) => string[];
}

/** The stages as they are, with a memory of their own. */
export function healthyPipeline(): Pipeline {
  const translator = new Translator();
  return {
    translate: (input) => translator.translate(input),
    toXds: (ir, delta) => delta.changes(ir),
  };
}
