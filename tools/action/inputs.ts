import { RouteproofError } from '../../common/errors.ts';

/** Of action.yml, those that the script reads: as INPUT_GATEWAY_CLASS for gateway-class. */
export const inputNames = [
  'cluster',
  'kubeconfig',
  'context',
  'gateway-class',
  'implementation',
  'suites',
  'supported-features',
  'package',
  'args',
] as const;

type InputName = (typeof inputNames)[number];
export type Inputs = Record<Exclude<InputName, 'args'>, string> & { args: string[] };

const clusters = ['kubeconfig', 'local', 'kind', 'k3s'];
/** Which input says what an option of `args` would say too; the action itself says --out. */
const inputOfOption: Record<string, InputName | undefined> = {
  '--cluster': 'cluster',
  '--kubeconfig': 'kubeconfig',
  '--context': 'context',
  '--gateway-class': 'gateway-class',
  '--implementation': 'implementation',
  '--suite': 'suites',
  '--supported-features': 'supported-features',
  '--out': undefined,
};

/**
 * What the job asks for.
 *
 * @throws RouteproofError USAGE - every problem at once
 */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const value = (name: InputName): string =>
    (env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`] ?? '').trim();
  const named = Object.fromEntries(inputNames.map((name) => [name, value(name)])) as Record<
    InputName,
    string
  >;
  const inputs: Inputs = { ...named, args: named.args.split(/\s+/).filter(Boolean) };
  const problems = [...problemsOfCluster(inputs), ...problemsOfArgs(inputs.args)];
  if (problems.length === 0) return inputs;
  throw new RouteproofError('USAGE', 'these inputs cannot be used', {
    object: 'action routeproof',
    seen: problems.join('\n        '),
    hint: 'docs/ci.md lists the inputs',
  });
}

function problemsOfCluster(inputs: Inputs): string[] {
  const { cluster } = inputs;
  if (!clusters.includes(cluster))
    return [`cluster: ${cluster || '(empty)'} is none of ${clusters.join(', ')}`];
  const isGiven = (name: Exclude<InputName, 'args'>): boolean => inputs[name] !== '';
  if (cluster === 'kubeconfig') {
    return [
      ...(isGiven('gateway-class') ? [] : ['gateway-class: is needed for cluster kubeconfig']),
      ...(isGiven('implementation')
        ? ['implementation: is for cluster local; install it in a step before']
        : []),
    ];
  }
  const onlyOfExisting = (['kubeconfig', 'context', 'gateway-class'] as const).filter(isGiven);
  return [
    ...onlyOfExisting.map((name) => `${name}: is for cluster kubeconfig, and cluster is ${cluster}`),
    ...(isGiven('implementation') && cluster !== 'local'
      ? [`implementation: is for cluster local, and cluster is ${cluster}`]
      : []),
  ];
}

function problemsOfArgs(args: string[]): string[] {
  const options = args.map((arg) => arg.split('=')[0] ?? '');
  const taken = options.filter((option) => option in inputOfOption);
  return [
    ...(args.some((arg) => /["'`$]/.test(arg))
      ? ['args: are split at spaces; quotes and $ mean nothing here']
      : []),
    ...taken.map((option) => {
      const input = inputOfOption[option];
      return `args: ${option} is ${input === undefined ? "the action's own" : `the input ${input}`}`;
    }),
  ];
}

/** The command line of the run. */
export function argumentsOf(inputs: Inputs, out: string): string[] {
  const option = (name: string, value: string): string[] => (value === '' ? [] : [name, value]);
  return [
    'conformance',
    ...option('--cluster', inputs.cluster),
    ...option('--kubeconfig', inputs.kubeconfig),
    ...option('--context', inputs.context),
    ...option('--gateway-class', inputs['gateway-class']),
    ...option('--implementation', inputs.implementation),
    ...option('--suite', inputs.suites),
    ...option('--supported-features', inputs['supported-features']),
    ...option('--out', out),
    ...inputs.args,
  ];
}
