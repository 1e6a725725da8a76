/** The messages of proto/routeproof.proto as protos.ts decodes them: every field is there, absent messages are null. */

export interface MetadataEntry {
  key: string;
  /** Of a -bin key: base64. */
  value: string;
}

interface AnyMessage {
  typeUrl?: string;
  value?: Uint8Array;
}

export interface Behaviour {
  statusCode: number;
  statusMessage: string;
  statusDetails: AnyMessage[];
  initialMetadata: MetadataEntry[];
  trailingMetadata: MetadataEntry[];
  delayMs: number;
  responseCount: number;
  responseIntervalMs: number;
  responseSizeBytes: number;
  noResponse: boolean;
  endAfterMessages: number;
}

export interface ProbeRequest {
  text: string;
  payload: Uint8Array;
  behaviour: Partial<Behaviour> | null;
}

export interface ProbeResponse {
  text: string;
  payload: Uint8Array;
  index: number;
  received: Received;
}

export interface TlsFacts {
  enabled: boolean;
  version: string;
  cipher: string;
  alpn: string;
  serverName: string;
  /** As XX:XX:...; empty when the client showed no certificate. */
  clientCertificateSha256: string;
}

export interface Received {
  service: string;
  method: string;
  authority: string;
  peer: string;
  metadata: MetadataEntry[];
  /** 0: none. */
  deadlineMs: number;
  tls: TlsFacts;
  backend: { pod: string; namespace: string; service: string; node: string };
  messages: number;
  payloadBytes: number;
  cancelled: boolean;
  /** PING frames on its connection since it came; undefined where Node.js does not tell of them. */
  pings: number | undefined;
}
