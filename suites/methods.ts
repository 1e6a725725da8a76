/**
 * The echo server's methods that scenarios match on; names that begin with other names on purpose. Every one of them is
 * implemented, so that UNIMPLEMENTED can only come from the gateway. (GrpcEcho/EchoThree is not: no scenario can use it.)
 */
export const probe = 'routeproof.v1.Probe/Unary';
export const probeTwo = 'routeproof.v1.ProbeTwo/Unary';
export const echo = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/Echo';
export const echoTwo = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/EchoTwo';
export const guideEcho = 'echo.Echo/Echo';
export const guideEchoV2 = 'echo.Echo/EchoV2';
