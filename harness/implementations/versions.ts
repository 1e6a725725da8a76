import { toolVersion } from '../../common/tool-version.ts';
import type { Implementation } from './implementation.ts';

/**
 * What reports say of the cluster's components and of those that an implementation brings. The cluster's Envoy is the bundled gateway's: where another implementation was
 * installed, the Envoy that it runs counts, and one that runs none has none.
 *
 * @param cluster - of the cluster's own components
 * @throws RouteproofError TOOL_MISSING
 */
export async function componentVersions(
  cluster: Record<string, string>,
  implementation: Implementation | undefined,
): Promise<Record<string, string>> {
  if (implementation === undefined) return cluster;
  const { envoy: _, ...rest } = cluster;
  const components = Object.entries(implementation.versions ?? {});
  const versions = await Promise.all(components.map(([, tool]) => toolVersion(tool)));
  const own = components.map(([name], index) => [name, versions[index] ?? 'unknown'] as const);
  return { ...rest, ...Object.fromEntries(own) };
}
