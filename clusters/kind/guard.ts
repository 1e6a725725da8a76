import { guardCluster } from '../node-container/guard.ts';
import { deleteKindCluster } from './delete-cluster.ts';
import { kindStore } from './kind-state.ts';

await guardCluster({ remove: deleteKindCluster, store: kindStore });
