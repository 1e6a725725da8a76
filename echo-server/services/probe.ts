import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
  sendUnaryData,
} from '@grpc/grpc-js';
import { cancellationOf, failure, pause, planOf, send } from '../behaviour.ts';
import type { Plan, StatusMessage } from '../behaviour.ts';
import type { Behaviour, ProbeRequest, ProbeResponse, Received } from '../messages.ts';
import type { IncomingCall, Receiver } from '../received.ts';
import { mustSeeWhatIsLeft } from '../sessions.ts';

type Answer = sendUnaryData<ProbeResponse>;

/** routeproof.v1.Probe and ProbeTwo: say what arrived, answer as the request asks. */
export function probeService(receiver: Receiver, rpcStatus: StatusMessage): UntypedServiceImplementation {
  return {
    Unary: (call: ServerUnaryCall<ProbeRequest, ProbeResponse>, callback: Answer) => {
      const received = receiver.receive(call);
      count(received, call.request);
      void answerOnce(
        call,
        callback,
        () => planFor(call, call.request.behaviour, rpcStatus),
        call.request.text,
        received,
      );
    },
    ServerStream: (call: ServerWritableStream<ProbeRequest, ProbeResponse>) => {
      const received = receiver.receive(call);
      count(received, call.request);
      void serverStream(call, received, rpcStatus);
    },
    ClientStream: (call: ServerReadableStream<ProbeRequest, ProbeResponse>, callback: Answer) => {
      clientStream(call, callback, receiver.receive(call), rpcStatus);
    },
    BidiStream: (call: ServerDuplexStream<ProbeRequest, ProbeResponse>) => {
      bidiStream(call, receiver.receive(call), rpcStatus);
    },
  };
}

/** @throws BadBehaviour, Unseen */
function planFor(
  call: Pick<IncomingCall, 'metadata'>,
  behaviour: Partial<Behaviour> | null,
  rpcStatus: StatusMessage,
): Plan {
  mustSeeWhatIsLeft(call.metadata);
  return planOf(behaviour, rpcStatus);
}

/** One answer, or the status alone when it is an error: an RPC with one response carries no message then. */
async function answerOnce(
  call: ServerUnaryCall<ProbeRequest, ProbeResponse> | ServerReadableStream<ProbeRequest, ProbeResponse>,
  callback: Answer,
  planner: () => Plan,
  text: string,
  received: Received,
): Promise<void> {
  const gone = cancellationOf(call);
  try {
    const plan = planner();
    await pause(plan.delayMs, gone);
    if (plan.initialMetadata !== undefined) call.sendMetadata(plan.initialMetadata);
    if (plan.status.code !== 0) callback(plan.status);
    else callback(null, { text, payload: plan.payload, index: 0, received }, plan.status.metadata);
  } catch (error) {
    if (!gone.aborted) callback(failure(error));
  }
}

async function serverStream(
  call: ServerWritableStream<ProbeRequest, ProbeResponse>,
  received: Received,
  rpcStatus: StatusMessage,
): Promise<void> {
  const gone = cancellationOf(call);
  try {
    const plan = planFor(call, call.request.behaviour, rpcStatus);
    if (plan.initialMetadata !== undefined) call.sendMetadata(plan.initialMetadata);
    await pause(plan.delayMs, gone);
    for (let index = 0; index < plan.responseCount; index += 1) {
      if (index > 0) await pause(plan.responseIntervalMs, gone);
      await send(call, { text: call.request.text, payload: plan.payload, index, received }, gone);
    }
    finish(call, plan);
  } catch (error) {
    if (!gone.aborted) call.emit('error', failure(error));
  }
}

/** The first message says how to answer, the last one's text comes back. */
function clientStream(
  call: ServerReadableStream<ProbeRequest, ProbeResponse>,
  callback: Answer,
  received: Received,
  rpcStatus: StatusMessage,
): void {
  let first: ProbeRequest | undefined;
  let text = '';
  let isAnswered = false;
  const answer = (): void => {
    if (isAnswered) return;
    isAnswered = true;
    void answerOnce(call, callback, () => planFor(call, first?.behaviour ?? null, rpcStatus), text, received);
  };
  call.on('data', (message: ProbeRequest) => {
    if (isAnswered) return;
    first ??= message;
    text = message.text;
    count(received, message);
    if (received.messages === first.behaviour?.endAfterMessages) answer();
  });
  call.on('end', answer);
}

/** Answers message by message; reading pauses meanwhile, so that answers keep the order of the messages. */
function bidiStream(
  call: ServerDuplexStream<ProbeRequest, ProbeResponse>,
  received: Received,
  rpcStatus: StatusMessage,
): void {
  const gone = cancellationOf(call);
  let plan: Plan | undefined;
  let index = 0;
  let isEnded = false;
  const answer = async (message: ProbeRequest): Promise<void> => {
    if (plan === undefined) {
      plan = planFor(call, message.behaviour, rpcStatus);
      if (plan.initialMetadata !== undefined) call.sendMetadata(plan.initialMetadata);
      await pause(plan.delayMs, gone);
    }
    await send(call, { text: message.text, payload: plan.payload, index, received }, gone);
    index += 1;
    if (index === plan.endAfterMessages) end();
  };
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    finish(call, plan ?? planOf(null, rpcStatus));
  };
  call.on('data', (message: ProbeRequest) => {
    if (isEnded) return;
    call.pause();
    count(received, message);
    answer(message).then(
      () => call.resume(),
      (error: unknown) => gone.aborted || call.emit('error', failure(error)),
    );
  });
  call.on('end', end);
}

function finish(
  call: ServerWritableStream<ProbeRequest, ProbeResponse> | ServerDuplexStream<ProbeRequest, ProbeResponse>,
  plan: Plan,
): void {
  if (plan.status.code === 0) call.end(plan.status.metadata);
  else call.emit('error', plan.status);
}

function count(received: Received, message: ProbeRequest): void {
  received.messages += 1;
  received.payloadBytes += message.payload.length;
}
