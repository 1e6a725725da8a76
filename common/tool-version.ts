import { execa } from 'execa';
import { messageOf, RouteproofError } from './errors.ts';
import { toolPath } from './tools.ts';
import type { ToolName } from './tools.ts';

/** How these binaries are asked, and where their answer has the version. Those of Kubernetes tell it through the API. */
const questions = {
  etcd: { argument: '--version', answer: /^etcd Version: (\S+)/m },
  'envoy-1.38': { argument: '--version', answer: /version: [0-9a-f]+\/([^/]+)\// },
  'envoy-1.39': { argument: '--version', answer: /version: [0-9a-f]+\/([^/]+)\// },
  envoy: { argument: '--version', answer: /version: [0-9a-f]+\/([^/]+)\// },
  coredns: { argument: '-version', answer: /^CoreDNS-(\S+)/m },
  k6: { argument: 'version', answer: /^k6 v(\S+)/m },
} as const satisfies Partial<Record<ToolName, { argument: string; answer: RegExp }>>;

/** Tools that tell their version. */
export type Versioned = keyof typeof questions;
export const versionedTools = Object.keys(questions) as Versioned[];

/**
 * The version of a real component as its binary tells it, for example `v1.40.0`: what runs may be a binary of the user's own, which
 * no lock file knows. It takes 30 to 60 ms.
 *
 * @throws RouteproofError TOOL_MISSING - it is not there, cannot be run, or says something else
 */
export async function toolVersion(name: Versioned): Promise<string> {
  const path = toolPath(name);
  const { argument, answer } = questions[name];
  const said = await execa(path, [argument], { stdin: 'ignore' }).then(
    ({ stdout }) => stdout,
    (error: unknown) => messageOf(error),
  );
  const version = answer.exec(said)?.[1];
  if (version !== undefined) return `v${version}`;
  throw new RouteproofError('TOOL_MISSING', `this is no ${name} that tells its version`, {
    object: `${path} ${argument}`,
    seen: said,
    hint: 'run `make setup`, or see what the environment names instead',
  });
}
