import type { Command } from 'commander';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { channelOption, startedClusterOption, gatewayApiVersionOption, nameOption } from './command.ts';
import { interruptible } from '../cluster/hosted-run.ts';
import { isInside, runInside } from '../cluster/inside.ts';
import { prepareRun } from '../conformance/prepare-run.ts';
import { progressLine } from '../output/progress.ts';
import { clusterFlags, providerOf } from '../cluster/providers.ts';

interface UpFlags {
  cluster: string;
  name: string;
  channel: 'standard' | 'experimental';
  gateway: boolean;
  gatewayApiVersion?: OfficialRelease;
  dns?: true;
}

export function addUp(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('up')
    .description('start a cluster that stays until `down`, with Gateway API and the bundled gateway')
    .addOption(startedClusterOption())
    .addOption(nameOption())
    .addOption(channelOption().default('standard'))
    .addOption(gatewayApiVersionOption())
    .option(
      '--dns',
      'run CoreDNS, so that pods find Services by their names (compiled the first time, 4 min)',
    )
    .option('--no-gateway', 'leave the bundled gateway away')
    .action(async (flags: UpFlags) => {
      if (isInside()) {
        const { install } = await import('../cluster/install.ts');
        const { channel, gateway, gatewayApiVersion: release = officialReleases[0] } = flags;
        await interruptible((signal) => install({ channel, gateway, release, signal }));
        return;
      }
      await prepareRun({ ...flags, profile: 'standard', tools: flags.dns === true ? ['coredns'] : [] });
      finish(await up(flags));
    });
}

async function up(flags: UpFlags): Promise<number> {
  const startedMs = Date.now();
  const cluster = await providerOf(flags.cluster).up({
    name: flags.name,
    lifetime: 'detached',
    dns: flags.dns === true,
    progress: progressLine,
  });
  const exitCode = await runInside(cluster, process.argv.slice(2), {
    isOwn: true,
    up: Promise.resolve({ versions: { ...cluster.versions }, upMs: Date.now() - startedMs }),
  });
  if (exitCode !== 0) {
    await cluster.down();
    return exitCode;
  }
  progressLine(`cluster ${cluster.name} is up after ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  const which = clusterFlags(cluster.provider, cluster.name);
  const commands = [
    [`exec${which} -- kubectl get gatewayclass`, 'run anything inside its network'],
    [`exec${which} -- bash`, 'or a shell, and follow a guide by hand'],
    [`down${which}`, 'stop it'],
  ] as const;
  for (const [command, what] of commands)
    process.stdout.write(`  routeproof ${command.padEnd(which.length + 36)} ${what}\n`);
  return 0;
}
