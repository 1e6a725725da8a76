import { KubeconfigProvider } from '../kubeconfig/kubeconfig-provider.ts';
import { describeContract } from './contract.ts';

/** For mocha, in the network of the cluster that KUBECONFIG names. */
describeContract(new KubeconfigProvider());
