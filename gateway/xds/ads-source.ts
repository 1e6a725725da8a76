import type { ConfigSource } from './envoy-types.ts';

/** From the stream that everything else comes by. */
export const fromAds: ConfigSource = { ads: {}, resource_api_version: 'V3' };
