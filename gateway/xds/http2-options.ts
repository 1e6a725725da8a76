const streamWindowBytes = 256 * 1024;
/** At once on one connection, on either side of the proxy. Envoy's own default for backends is 1,024. */
const maxStreams = 1000;

/**
 * Envoy's Http2ProtocolOptions. A stream that its receiver does not read keeps what it was sent out of the connection's window as well. Envoy's
 * defaults (16 MiB for a stream, 24 MiB for all of a connection) let two of them stop every other call between the proxy and a backend; with
 * these a window of each stream fits into that of the connection.
 */
export const http2Options = {
  max_concurrent_streams: { value: maxStreams },
  initial_stream_window_size: { value: streamWindowBytes },
  initial_connection_window_size: { value: maxStreams * streamWindowBytes },
};
