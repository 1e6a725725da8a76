import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import { networkPlan } from '../../network/network-plan.ts';

/**
 * Makes the root of the cluster's network: the node's address on `lo`, forwarding between pods, and Service and LoadBalancer
 * ranges that are answered here. kube-proxy rewrites a served address before routing, so that the local route is only met by
 * one that nothing serves, and its caller is refused at once instead of waiting for a timeout.
 */
export async function makeNetwork(): Promise<void> {
  const { nodeIp, serviceCidr, loadBalancerCidr } = networkPlan;
  const batch = [
    'link set lo up',
    `addr add ${nodeIp}/32 dev lo`,
    `route add local ${serviceCidr} dev lo src ${nodeIp}`,
    `route add local ${loadBalancerCidr} dev lo src ${nodeIp}`,
  ];
  await execa('ip', ['-batch', '-'], { input: `${batch.join('\n')}\n` });
  const sysctl = (name: string, value: string): void => writeFileSync(`/proc/sys/net/${name}`, value);
  sysctl('ipv4/ip_forward', '1');
  // Pods reach each other through the node, all on routes of their own; there is no shorter way to tell them.
  sysctl('ipv4/conf/all/send_redirects', '0');
  sysctl('ipv4/conf/default/send_redirects', '0');
  // Gateways listen on 80 and 443 of every address, without being root on the host.
  sysctl('ipv4/ip_unprivileged_port_start', '0');
}
