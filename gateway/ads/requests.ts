import { messageType } from '../xds/protos.ts';
import { typeUrls, xdsTypes } from '../xds/resource.ts';
import type { XdsType } from '../xds/resource.ts';

export interface DeltaRequest {
  type: XdsType | undefined;
  typeUrl: string;
  nodeId: string;
  subscribe: readonly string[];
  unsubscribe: readonly string[];
  initialVersions: Readonly<Record<string, string>>;
  nonce: string;
  /** Set when the response with `nonce` was refused. */
  error: string | undefined;
}

interface RawDeltaRequest {
  node: { id: string } | null;
  type_url: string;
  resource_names_subscribe: string[];
  resource_names_unsubscribe: string[];
  initial_resource_versions: Record<string, string>;
  response_nonce: string;
  error_detail: { code: number; message: string } | null;
}

const typeByUrl = new Map<string, XdsType>(xdsTypes.map((type) => [typeUrls[type], type]));

/** Decodes a DeltaDiscoveryRequest. @throws Error when the bytes are none */
export function decodeRequest(bytes: Uint8Array): DeltaRequest {
  const type = messageType('envoy.service.discovery.v3.DeltaDiscoveryRequest');
  const raw = type.decode(bytes) as unknown as RawDeltaRequest;
  return {
    type: typeByUrl.get(raw.type_url),
    typeUrl: raw.type_url,
    nodeId: raw.node?.id ?? '',
    subscribe: raw.resource_names_subscribe,
    unsubscribe: raw.resource_names_unsubscribe,
    initialVersions: raw.initial_resource_versions,
    nonce: raw.response_nonce,
    error: raw.error_detail?.message,
  };
}
