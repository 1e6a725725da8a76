import type { ServerUnaryCall, UntypedServiceImplementation, sendUnaryData } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { Received } from '../messages.ts';
import type { Receiver } from '../received.ts';

interface EchoRequest {
  text: string;
}
interface EchoResponse {
  text: string;
  source: string;
}

/** echo.Echo of the kgateway guide. */
export function echoService(receiver: Receiver): UntypedServiceImplementation {
  const echo = (
    call: ServerUnaryCall<EchoRequest, EchoResponse>,
    callback: sendUnaryData<EchoResponse>,
  ): void => {
    receiver.receive(call);
    callback(null, { text: call.request.text, source: receiver.identity.pod });
  };
  return { Echo: echo, EchoV2: echo };
}

interface HelloRequest {
  name: string;
}
interface HelloReply {
  message: string;
}

/** helloworld.Greeter; the pod is named after the greeting, so that a check can tell two of them apart. */
export function greeterService(receiver: Receiver): UntypedServiceImplementation {
  return {
    SayHello: (call: ServerUnaryCall<HelloRequest, HelloReply>, callback: sendUnaryData<HelloReply>) => {
      receiver.receive(call);
      const from = receiver.identity.pod === '' ? '' : ` from ${receiver.identity.pod}`;
      callback(null, { message: `Hello ${call.request.name}${from}` });
    },
  };
}

interface SeenRequest {
  nonces: string[];
}
interface SeenResponse {
  seen: { calls: readonly Received[] }[];
}

/** routeproof.v1.Ledger. */
export function ledgerService(receiver: Receiver): UntypedServiceImplementation {
  return {
    Seen: (call: ServerUnaryCall<SeenRequest, SeenResponse>, callback: sendUnaryData<SeenResponse>) => {
      callback(null, { seen: call.request.nonces.map((nonce) => ({ calls: receiver.ledger.seen(nonce) })) });
    },
  };
}

/** GrpcEcho of the official conformance suite. */
export function grpcEchoService(receiver: Receiver): UntypedServiceImplementation {
  const echo = (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>): void => {
    const { authority, metadata } = receiver.receive(call);
    const { namespace, ingress, service: serviceName, pod } = receiver.identity;
    const tls = receiver.tlsOf(call);
    const assertions = {
      fullyQualifiedMethod: call.getPath(),
      headers: [{ key: ':authority', value: authority }, ...metadata],
      authority,
      context: { namespace, ingress, serviceName, pod },
      tlsAssertions:
        tls === undefined
          ? null
          : {
              version: tls.version,
              negotiatedProtocol: tls.alpn,
              serverName: tls.serverName,
              cipherSuite: tls.cipher,
              peerCertificates: tls.peerCertificates,
            },
    };
    callback(null, { assertions, request: call.request });
  };
  return {
    Echo: echo,
    EchoTwo: echo,
    EchoThree: (_call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
      callback({ code: status.UNIMPLEMENTED, details: 'method EchoThree not implemented' });
    },
  };
}
