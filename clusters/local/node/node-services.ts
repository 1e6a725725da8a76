import type { ApiClient } from '../../api/api-client.ts';
import type { Service } from '../../api/types.ts';
import type { ImageTable } from '../images/image-table.ts';
import type { ConfigSource } from './values/config-source.ts';
import type { BaseRoot } from './container/base-root.ts';
import type { NodeResources } from './values/field-ref.ts';
import type { OutputPipes } from './container/output-pipes.ts';
import type { EventRecorder } from './events.ts';
import type { NameSources } from './sandbox/network-files.ts';
import type { Sandboxes } from './sandbox/sandbox.ts';

/** What all pods of the node share. */
export interface NodeServices {
  api: ApiClient;
  images: ImageTable;
  config: ConfigSource;
  events: EventRecorder;
  sandboxes: Sandboxes;
  baseRoot: BaseRoot;
  names: NameSources;
  pipes: OutputPipes;
  node: NodeResources;
  services(): Iterable<Service>;
  /** See `tokenRefreshShare()`. */
  tokenRefreshShare: number;
  /** Pods' volumes and containers' roots; dies with the cluster. */
  privateDir: string;
  /** Of pods: NAMESPACE_POD_UID/CONTAINER/N.log. */
  podLogDir: string;
  log(message: string, error?: unknown): void;
}
