/** What a pod's status says about an image without a mapping. @param files - the mapping files that were looked at */
export function unknownImageMessage(image: string, files: readonly string[]): string {
  return (
    `image "${image}" has no entry in ${files.join(' or ')}: containers of the local cluster are processes of this machine. ` +
    'Add an entry to a file of your own and name it in ROUTEPROOF_IMAGES before `routeproof up`'
  );
}
