import { connect } from 'node:net';
import http from 'node:http';
import https from 'node:https';
import type { Container, Probe } from '../../../api/types.ts';
import { afterAwake } from './own-lateness.ts';
import { grpcHealth } from './grpc-health.ts';
import type { ProbeAnswer } from './probe-answer.ts';

export interface ProbeTarget {
  container: Container;
  podIp: string;
  /** Runs a command in the container. */
  exec(argv: string[], timeoutMs: number): Promise<ProbeAnswer>;
}

/** Asks once. Never throws: whatever goes wrong is an answer that is not ok. */
export async function probeOnce(probe: Probe, target: ProbeTarget): Promise<ProbeAnswer> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const { httpGet, tcpSocket, grpc, exec } = probe;
  try {
    if (httpGet !== undefined) return await askHttp(httpGet, target, timeoutMs);
    if (tcpSocket !== undefined) {
      return await askTcp(
        tcpSocket.host ?? target.podIp,
        portOf(tcpSocket.port, target.container),
        timeoutMs,
      );
    }
    if (grpc !== undefined)
      return await grpcHealth(`${target.podIp}:${grpc.port}`, grpc.service ?? '', timeoutMs);
    if (exec !== undefined) return await target.exec(exec.command ?? [], timeoutMs);
    return { ok: true, message: '' };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

type HttpGet = NonNullable<Probe['httpGet']>;

/** As a kubelet: any status from 200 to 399 will do, and certificates are not checked. */
function askHttp(get: HttpGet, { container, podIp }: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  const isTls = get.scheme === 'HTTPS';
  const options = {
    host: get.host ?? podIp,
    port: portOf(get.port, container),
    path: get.path ?? '/',
    headers: { 'user-agent': 'kube-probe/1.36', ...headersOf(get) },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const request = isTls ? https.request({ ...options, rejectUnauthorized: false }) : http.request(options);
    request.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      const ok = statusCode >= 200 && statusCode < 400;
      resolve({ ok, message: ok ? '' : `HTTP probe failed with statuscode: ${statusCode}` });
    });
    const answered = afterAwake(timeoutMs, () =>
      request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
    );
    request.once('close', answered);
    request.once('error', reject);
    request.end();
  });
}

function headersOf(get: HttpGet): Record<string, string> {
  return Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value]));
}

function askTcp(host: string, port: number, timeoutMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const connected = afterAwake(timeoutMs, () =>
      socket.destroy(new Error(`no connection within ${timeoutMs} ms`)),
    );
    socket.once('connect', () => {
      socket.destroy();
      resolve({ ok: true, message: '' });
    });
    socket.once('close', connected);
    socket.once('error', reject);
  });
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (!Number.isInteger(named)) throw new Error(`the container has no port named ${port}`);
  return named;
}
