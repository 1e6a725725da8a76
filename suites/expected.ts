import type { Expected } from '../harness/index.ts';

/** No rule matches the call: the gateway itself answers UNIMPLEMENTED (12) and no backend sees it. */
export const refused: Expected = { status: 'UNIMPLEMENTED', backend: null };

/**
 * The same, where the scenario is about something else: UNAVAILABLE as the spec asks, or UNKNOWN, which the HTTP status 500 that it asks of HTTPRoutes is to gRPC
 * clients. backend/missing-service and others judge which.
 */
export const unserved: Expected = { status: ['UNAVAILABLE', 'UNKNOWN'], backend: null };

/** A rule matches but has nobody to send the call to: UNAVAILABLE (14) from the gateway. */
export const unavailable: Expected = { status: 'UNAVAILABLE', backend: null };
