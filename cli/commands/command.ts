import { InvalidArgumentError, Option } from 'commander';
import { checkName } from '../../clusters/cluster-name.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { parseConnectTo, type ConnectTo } from '../../harness/reach/connect-to.ts';
import { providerNames, startedProviderNames } from '../cluster/providers.ts';

export function clusterOption(): Option {
  return new Option('--cluster <provider>', 'what hosts the cluster').choices(providerNames).default('local');
}

/** For what is about clusters that are started by us. */
export function startedClusterOption(): Option {
  return clusterOption().choices(startedProviderNames);
}

/** For what measures: the local cluster, and others for a load generator that runs in them. */
export function loadClusterOption(): Option {
  return clusterOption().choices(['local', 'kubeconfig']);
}

/** For what plants faults: the local cluster has what that needs. */
export function localClusterOption(): Option {
  return clusterOption().choices(['local']);
}

/** What `--cluster kubeconfig` takes. */
export function existingClusterOptions(): Option[] {
  const only = '--cluster kubeconfig: ';
  return [
    new Option('--kubeconfig <file>', `${only}the file (default: KUBECONFIG, else ~/.kube/config)`),
    new Option('--context <name>', `${only}a context of it (default: the current one)`),
    new Option('--echo-image <image>', `${only}the image of the echo servers, where the nodes can pull it`),
    new Option(
      '--connect-to <from=to>',
      `${only}dial another address for a Gateway's or a pod's, ADDRESS[:PORT] each; * stands for every Gateway; may be given several times`,
    ).argParser(connectToOf),
    new Option(
      '--port-forward',
      `${only}dial Gateways and pods through the API server, as kubectl port-forward does`,
    ),
    new Option(
      '--in-cluster',
      `${only}run in a pod, where the addresses of Gateways cannot be dialled from here`,
    ).conflicts(['connectTo', 'portForward']),
    new Option('--runner-image <image>', `${only}the image of that pod, where the nodes can pull it`),
    new Option('--install-crds', `${only}install the CRDs of Gateway API if there are none; they stay`),
    new Option(
      '--overwrite-crds',
      `${only}replace CRDs of another release or channel than asked for; they stay`,
    ),
  ];
}

export function nameOption(): Option {
  return new Option('--name <name>', 'cluster name').default('default').argParser((text: string) => {
    checkName(text);
    return text;
  });
}

export function gatewayClassOption(): Option {
  return new Option('--gateway-class <class>', 'GatewayClass under test').default('routeproof');
}

export function implementationOption(): Option {
  return new Option(
    '--implementation <name>',
    'install another gateway on the local cluster and judge that one: a folder in implementations/ (compiled the first time)',
  );
}

/** Without a default: that is a matter of each command. */
export function channelOption(text = 'Gateway API release channel'): Option {
  return new Option('--channel <channel>', text).choices(['standard', 'experimental']);
}

/** Without a default: the CRDs that a cluster has decide. */
export function installedChannelOption(): Option {
  return channelOption(
    'Gateway API release channel to install on the local cluster (default: what is installed, else standard)',
  );
}

/** Without a default: that is a matter of each command. */
export function limitsScaleOption(text = 'multiply every time limit'): Option {
  return new Option('--limits-scale <factor>', text).argParser(positiveNumber);
}

/** Its names are those of files: what takes it checks them with mustBeProfile. */
export function profileOption(): Option {
  return new Option(
    '--profile <profile>',
    "what counts as right: the spec, or a product's document (standard, kgateway-guide, aws-vpc-lattice)",
  ).default('standard');
}

/** Without a default: the CRDs that a cluster has decide. */
export function gatewayApiVersionOption(): Option {
  return new Option(
    '--gateway-api-version <release>',
    'release of Gateway API to judge by, and to install on the local cluster (default: what is installed, else v1.6.3)',
  ).choices(officialReleases);
}

/** `A,B` as a list; may be given several times. */
export function listOf(text: string, earlier: string[] = []): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('an empty name in the list.');
  return [...earlier, ...items];
}

function connectToOf(text: string, earlier: ConnectTo[] = []): ConnectTo[] {
  return [...earlier, parseConnectTo(text)];
}

/** A whole number of at least `minimum`. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`a whole number of at least ${minimum} is wanted.`);
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('a number above 0 is wanted.');
}
