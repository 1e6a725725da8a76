import { toolVersion } from '../../common/tool-version.ts';
import type { Implementation } from './implementation.ts';

/** What reports say of components that an implementation runs instead of the cluster's own. */
export async function componentVersions(
  implementation: Implementation | undefined,
): Promise<Record<string, string>> {
  const components = Object.entries(implementation?.versions ?? {});
  const versions = await Promise.all(components.map(([, tool]) => toolVersion(tool)));
  return Object.fromEntries(components.map(([name], index) => [name, versions[index] ?? 'unknown']));
}
