import type { Fault } from '../fault.ts';
import { onConnectionManagers, onXdsRoutes } from '../hooks/xds.ts';
import { drop, onRequests, onResponses } from '../hooks/lua.ts';

const layers: Fault['layers'] = ['backend', 'routed', 'trailers'];

/** What becomes of what stands around the messages of a call: metadata, deadline, authority, content type. */
export const metadata: readonly Fault[] = [
  {
    name: 'authorization-dropped',
    title: 'The credentials of a caller do not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests('handle:headers():remove("authorization")'),
  },
  {
    name: 'te-dropped',
    title: 'Calls reach the backend without the header te, and servers of gRPC’s core library refuse them.',
    clauses: ['grpc-te-trailers'],
    layers,
    reference: 'envoyproxy/envoy#32978',
    hooks: () => onRequests('handle:headers():remove("te")'),
  },
  {
    name: 'underscored-metadata-dropped',
    title: 'Metadata whose name has an underscore does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['common_http_protocol_options'] = { headers_with_underscores_action: 'DROP_HEADER' };
      }),
    }),
  },
  {
    name: 'empty-metadata-dropped',
    title: 'Metadata with an empty value does not reach the backend.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () => onRequests(drop('handle:headers()', 'value == "" and string.sub(name, 1, 2) == "x-"')),
  },
  {
    name: 'metadata-limited-to-six-kib',
    title: 'Calls with more than 6 KiB of metadata are refused.',
    clauses: ['grpc-metadata-intact'],
    layers: [...layers, 'http2'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['max_request_headers_kb'] = { value: 6 };
      }),
    }),
  },
  {
    name: 'forty-headers-at-most',
    title: 'Calls with more than 40 headers are refused.',
    clauses: ['grpc-metadata-intact'],
    layers: [...layers, 'http2'],
    hooks: () => ({
      xds: onConnectionManagers((manager) => {
        manager['common_http_protocol_options'] = { max_headers_count: { value: 40 } };
      }),
    }),
  },
  {
    name: 'repeated-answer-metadata-dropped',
    title: 'Of initial metadata with several values only the last reaches the caller.',
    clauses: ['grpc-metadata-intact'],
    layers,
    hooks: () =>
      onResponses(`local last = {}
  for name, value in pairs(handle:headers()) do
    if string.sub(name, 1, 2) == "x-" then last[name] = value end
  end
  for name, value in pairs(last) do handle:headers():replace(name, value) end`),
  },
  {
    name: 'authority-rewritten',
    title: 'The backend sees the name of its Service as :authority, not the one that the caller sent.',
    clauses: ['grpc-authority-intact'],
    layers,
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const action = route['route'] as { host_rewrite_literal?: string } | undefined;
        if (action === undefined) return route;
        return { ...route, route: { ...action, host_rewrite_literal: 'backend.svc.cluster.local' } };
      }),
    }),
  },
  {
    name: 'only-plain-content-type',
    title: 'Calls of content type application/grpc+proto match no rule.',
    clauses: ['grpc-content-type'],
    layers,
    hooks: () => ({
      xds: onXdsRoutes((route) => {
        const { grpc, headers = [], ...match } = route['match'] as { grpc?: object; headers?: object[] };
        if (grpc === undefined) return route;
        const plain = { name: 'content-type', string_match: { exact: 'application/grpc' } };
        return { ...route, match: { ...match, headers: [...headers, plain] } };
      }),
    }),
  },
  {
    name: 'answer-content-type-lost',
    title: 'Answers of backends reach the caller as application/octet-stream.',
    clauses: ['grpc-content-type'],
    layers,
    hooks: () => onResponses('handle:headers():replace("content-type", "application/octet-stream")'),
  },
  {
    name: 'refusals-without-content-type',
    title: 'Refusals of the gateway itself have a gRPC status, and no content type.',
    clauses: ['grpc-content-type'],
    layers,
    reference: 'nginx/kubernetes-ingress#2229',
    hooks: () =>
      onResponses(`local headers = handle:headers()
  if headers:get("grpc-status") == "12" then headers:remove("content-type") end`),
  },
  {
    name: 'deadline-dropped-on-streams',
    title: 'The deadline of a streaming call does not reach the backend.',
    clauses: ['grpc-deadline-propagated'],
    layers,
    hooks: () =>
      onRequests(`if string.find(handle:headers():get(":path") or "", "Stream") ~= nil then
    handle:headers():remove("grpc-timeout")
  end`),
  },
  {
    name: 'streams-limited-to-six-mib',
    title: 'A call is refused once its messages sum up to 6 MiB.',
    clauses: ['grpc-large-messages'],
    layers: [...layers, 'http2'],
    hooks: () =>
      onRequests(`local body = handle:body()
  if body ~= nil and body:length() > 6291456 then handle:respond({[":status"] = "413"}, "too large") end`),
  },
];
