/** Profiles of the official suite that a Gateway for HTTP and gRPC can be held to, and the routes of each. */
const routesOf = {
  'GATEWAY-GRPC': ['GRPCRoute'],
  'GATEWAY-HTTP': ['HTTPRoute', 'BackendTLSPolicy'],
} as const;

export type OfficialProfile = keyof typeof routesOf;

export const officialProfiles = Object.keys(routesOf) as OfficialProfile[];

/** Features whose names begin so belong to one kind of route or policy; all others are the Gateway's, and of every profile. */
const kinds = ['GRPCRoute', 'HTTPRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'BackendTLSPolicy', 'Mesh'];

/** Those of `features` that belong to one of the profiles. */
export function featuresOfProfiles(
  features: Iterable<string>,
  profiles: readonly OfficialProfile[],
): string[] {
  const wanted: string[] = profiles.flatMap((profile) => [...routesOf[profile]]);
  const kindOf = (feature: string): string | undefined => kinds.find((kind) => feature.startsWith(kind));
  return [...features]
    .filter((feature) => {
      const kind = kindOf(feature);
      return kind === undefined || wanted.includes(kind);
    })
    .sort();
}
