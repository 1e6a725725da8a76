import { hash } from 'node:crypto';

/** Where and under which names one of several implementations lives on a shared cluster. */
export interface Installation {
  namespace: string;
  gatewayClass: string;
  controllerName: string;
}

/** With longer ones what is generated for a Gateway could not have all of its class in its name, which scenarios look for. */
const longestClass = 39;

export function installationOf(fault: string): Installation {
  const plain = `fault-${fault}`;
  const digest = hash('sha256', fault, 'hex').slice(0, 8);
  const isShort = plain.length <= longestClass;
  return {
    namespace: `routeproof-fault-${fault}`,
    gatewayClass: isShort ? plain : `${plain.slice(0, longestClass - digest.length - 1)}-${digest}`,
    controllerName: `routeproof.dev/fault-${fault}`,
  };
}
