import { basename } from 'node:path';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';

/** Manifest files that apply() may name; the first is its default. */
export function manifestFiles(meta: { id: string; manifests?: string[] }): string[] {
  return meta.manifests ?? [`${basename(meta.id)}.yaml`];
}

/** NAME-v1.7.0.yaml is NAME.yaml in the form that CRDs of v1.7.0 and newer take. */
const variant = /^(.+)-(v\d+\.\d+\.\d+)\.yaml$/;

/** Of `file` and its variants among `files`: the newest that is not newer than the CRDs. */
export function manifestFor(files: readonly string[], file: string, crds: OfficialRelease): string {
  const notNewer = officialReleases.slice(0, officialReleases.indexOf(crds) + 1);
  const variants = notNewer.map((release) => file.replace(/\.yaml$/, `-${release}.yaml`));
  return variants.findLast((each) => files.includes(each)) ?? file;
}

/** Variants that no run would ever apply. */
export function variantProblems(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const [, name, release] = variant.exec(file) ?? [];
    if (name === undefined) return [];
    if (!officialReleases.some((each) => each === release))
      return [`the manifest ${file} is for ${String(release)}, not one of ${officialReleases.join(', ')}`];
    return files.includes(`${name}.yaml`) ? [] : [`the manifest ${file} has no ${name}.yaml for older CRDs`];
  });
}
