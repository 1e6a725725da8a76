import { expect } from '../harness/index.ts';
import type { Expected } from '../harness/index.ts';

/** No rule matches the call: the gateway itself answers UNIMPLEMENTED (12) and no backend sees it. */
export const refused: Expected = { status: 'UNIMPLEMENTED', backend: null };

/**
 * A rule matches but has nobody to send the call to, where the scenario is about something else: UNAVAILABLE as the spec asks, or UNKNOWN, which the HTTP status 500
 * that it asks of HTTPRoutes is to gRPC clients, but no redirect or page that they read as UNKNOWN too; or an error that is no gRPC with HTTP status 200, such as JSON,
 * whose beginning they take for the length of a message that is too large for them. Which of them is judged by backend/missing-service from the start and after an edit, by backend/service-port after the loss
 * of a port, and by cross-namespace/backend-grant without a grant.
 */
export const unserved: Expected = {
  status: ['UNAVAILABLE', 'UNKNOWN', 'RESOURCE_EXHAUSTED'],
  backend: null,
  also: ({ status, message, headers }) => {
    expect(message).not.to.match(/HTTP status code (?!404|50[0234])/);
    if (status === 8)
      expect(headers.get('content-type')?.[0] ?? 'application/grpc').not.to.match(/^application\/grpc/);
  },
};

/** A call of which only something else is judged: it is served, or ends as `unserved` may. */
export const whatever: Expected = { status: ['OK', 'UNAVAILABLE', 'UNKNOWN', 'RESOURCE_EXHAUSTED'] };

/**
 * A call that only a rule takes which was refused as unsupported: no rule matches, or the rule stays and answers an error of its own, as `unserved` has it.
 */
export const declined: Expected = {
  ...unserved,
  status: ['UNIMPLEMENTED', 'UNAVAILABLE', 'UNKNOWN', 'RESOURCE_EXHAUSTED'],
};

/** A rule matches but has nobody to send the call to: UNAVAILABLE (14) from the gateway. */
export const unavailable: Expected = { status: 'UNAVAILABLE', backend: null };

/**
 * A Gateway or a listener that is no more: its port is closed, or other Gateways share it, and the call is one that no rule takes.
 */
export const noListener: Expected = { status: [null, 'UNIMPLEMENTED'], backend: null };
