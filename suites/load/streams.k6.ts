/**
 * Streams at an open arrival rate, each with 50 messages: answered one by one (`bidi-stream`), sent by the server (`server-stream`) or by the
 * client (`client-stream`). The latency is that of a message: its round trip, the time since the one before, the stream's time shared.
 * By hand: k6 run -e GATEWAY=host:port -e CASE=bidi-stream -e RATE=8 [-e AUTHORITY=name] suites/load/streams.k6.ts
 */
import { Counter, Trend } from 'k6/metrics';
import { Stream } from 'k6/net/grpc';
import { blockOptions, Clients, currentLegs, fail, messageOf, nowMs, type Leg } from './shared/blocks.k6.ts';

export const options = blockOptions('stream');

const messagesOfStream = 50;
const clients = new Clients('routeproof.proto');
const latency = new Trend('routeproof_latency', true);
const messages = new Counter('routeproof_messages');
const streamRate = new Trend('routeproof_stream_rate');

export function stream(): void {
  for (const leg of currentLegs()) {
    try {
      open(leg);
    } catch (error) {
      fail(String(error));
    }
  }
}

function open(leg: Leg): void {
  const method = {
    'server-stream': 'ServerStream',
    'client-stream': 'ClientStream',
    'bidi-stream': 'BidiStream',
  }[leg.case];
  const opened = new Stream(clients.of(leg), `routeproof.v1.Probe/${method}`);
  const startedMs = nowMs();
  let lastMs = startedMs;
  let received = 0;
  opened.on('error', (error) => fail(`stream: ${messageOf(error)}`));
  opened.on('data', () => {
    received += 1;
    const atMs = nowMs();
    if (leg.case !== 'client-stream') latency.add(atMs - lastMs);
    lastMs = atMs;
    if (leg.case !== 'bidi-stream') return;
    if (received < messagesOfStream) opened.write({ text: 'm' });
    else opened.end();
  });
  opened.on('end', () => {
    const wanted = leg.case === 'client-stream' ? 1 : messagesOfStream;
    if (received !== wanted) {
      fail(`${received} of ${wanted} messages were received`);
      return;
    }
    const tookMs = lastMs - startedMs;
    if (leg.case === 'client-stream') latency.add(tookMs / messagesOfStream);
    messages.add(messagesOfStream);
    streamRate.add((1000 * messagesOfStream) / tookMs);
  });
  begin(opened, leg);
}

function begin(opened: Stream, leg: Leg): void {
  if (leg.case === 'bidi-stream') {
    opened.write({ text: 'm' });
    return;
  }
  if (leg.case === 'server-stream') opened.write({ behaviour: { responseCount: messagesOfStream } });
  else for (let n = 0; n < messagesOfStream; n += 1) opened.write({ text: 'm' });
  opened.end();
}
