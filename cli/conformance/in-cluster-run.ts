import { KubeClient } from '../../harness/kube/client.ts';
import { defaultRunnerImage, runInPod } from '../../harness/existing/runner/run-in-pod.ts';
import { scaledLimits } from '../../harness/env/limits.ts';
import { runOf } from '../../reports/index.ts';
import { report, type ConformanceFlags } from './conformance-run.ts';
import { interruptible } from '../cluster/hosted-run.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { providerOf } from '../cluster/providers.ts';

/** Options that are about this end of the run; true: with a value. */
const ownOptions: Record<string, boolean> = {
  '--in-cluster': false,
  '--runner-image': true,
  '--kubeconfig': true,
  '--context': true,
  '--out': true,
  '--json': false,
};

/**
 * Has the same command line run in a pod of the cluster, and writes the reports of what comes back.
 *
 * @returns the exit code of the run in the pod
 */
export async function inClusterRun(flags: ConformanceFlags): Promise<number> {
  const out = outDir(flags.out, 'conformance', new Date());
  const { kubeconfig, context } = flags;
  return interruptible(async (signal) => {
    const cluster = await providerOf('kubeconfig', flags).up({
      name: `run-${process.pid}`,
      lifetime: 'attached',
      progress: progressLine,
    });
    const kube = await KubeClient.fromKubeconfig(cluster.kubeconfigPath);
    try {
      signal.throwIfAborted();
      const { exitCode, result } = await runInPod(kube, {
        image: flags.runnerImage ?? defaultRunnerImage,
        args: [
          ...argumentsOfPod(process.argv.slice(2)),
          '--deliver',
          JSON.stringify({ kubeconfig, context, runnerImage: flags.runnerImage }),
        ],
        installs: flags.installCrds === true || flags.overwriteCrds === true,
        limits: scaledLimits(flags.limitsScale),
        progress: (line) => process.stderr.write(`${line}\n`),
        signal,
      });
      if (result !== undefined) {
        const run = runOf('the results of the pod', result);
        // In the pod the cluster has no name.
        const name = cluster.title ?? cluster.name;
        await report({ ...run, cluster: { ...run.cluster, name } }, out, flags);
      }
      return exitCode;
    } finally {
      kube.close();
      await cluster.down();
    }
  });
}

/** Without what is about this end. */
export function argumentsOfPod(argv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    const [name = ''] = argument.split('=', 1);
    const hasValue = ownOptions[name];
    if (hasValue === undefined) kept.push(argument);
    else if (hasValue && !argument.includes('=')) at += 1;
  }
  return kept;
}
