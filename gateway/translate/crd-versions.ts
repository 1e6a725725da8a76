import { positive, type DesiredCondition } from './model/conditions.ts';
import { compareText } from './memory/compare-text.ts';
import type { Crd } from './model/gateway-api.ts';
import { gatewayGroup } from './model/kinds.ts';

const versionAnnotation = `${gatewayGroup}/bundle-version`;
const channelAnnotation = `${gatewayGroup}/channel`;
/** Releases that all tests pass with. */
const supported = ['v1.6', 'v1.7'];

/**
 * GatewayClassConditionStatusSupportedVersion: whether each CRD of Gateway API is of a release that is known here. With others the class
 * stays accepted: what they have in common with the known ones is served.
 *
 * @returns undefined while no CRD is known
 */
export function supportedVersion(crds: readonly Crd[]): DesiredCondition | undefined {
  const found = new Map<string, string[]>();
  for (const { metadata } of crds) {
    const { name, annotations } = metadata;
    if (!name.endsWith(`.${gatewayGroup}`)) continue;
    const version = annotations?.[versionAnnotation] ?? '';
    found.set(version, [...(found.get(version) ?? []), name.slice(0, -gatewayGroup.length - 1)]);
  }
  if (found.size === 0) return undefined;
  const versions = [...found.keys()].sort(compareText);
  const unknown = versions.filter((version) => !isSupported(version));
  const told = versions.map((version) => {
    const shown = version === '' ? 'no version' : version;
    const names = (found.get(version) ?? []).sort(compareText);
    return unknown.includes(version) ? `${shown} (${names.join(', ')})` : shown;
  });
  const message = `The CRDs of Gateway API are of ${told.join(', ')}; supported: ${supported.join(', ')}`;
  return positive(
    'SupportedVersion',
    'SupportedVersion',
    message,
    unknown.length === 0 ? undefined : { reason: 'UnsupportedVersion', message },
  );
}

/** Release and channel of one CRD of Gateway API; '' where it does not say, or is not there. */
export function versionOf(crds: readonly Crd[], plural: string): { release: string; channel: string } {
  const found = crds.find(({ metadata }) => metadata.name === `${plural}.${gatewayGroup}`);
  const annotations = found?.metadata.annotations;
  return {
    release: annotations?.[versionAnnotation] ?? '',
    channel: annotations?.[channelAnnotation] ?? '',
  };
}

function isSupported(version: string): boolean {
  return supported.some((release) => version.startsWith(`${release}.`));
}
