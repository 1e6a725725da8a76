/** The echo server's methods that scenarios match on. Echo, EchoTwo, EchoThree are prefixes of each other on purpose. */
export const probe = 'routeproof.v1.Probe/Unary';
export const probeTwo = 'routeproof.v1.ProbeTwo/Unary';
export const echo = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/Echo';
export const echoTwo = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/EchoTwo';
export const echoThree = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/EchoThree';
export const guideEcho = 'echo.Echo/Echo';
export const guideEchoV2 = 'echo.Echo/EchoV2';
