import { guardCluster } from '../node-container/guard.ts';
import { deleteK3sCluster } from './delete-cluster.ts';
import { k3sStore } from './k3s-state.ts';

await guardCluster({ remove: deleteK3sCluster, store: k3sStore });
