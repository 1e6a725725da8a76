/** What may host the cluster of a run, as `--cluster` names it. */
export const clusterProviders = ['local', 'kind', 'k3s', 'kubeconfig'] as const;

export type ClusterProviderName = (typeof clusterProviders)[number];
