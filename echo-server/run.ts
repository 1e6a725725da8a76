import { RouteproofError, exitCodeOf, messageOf } from '../common/errors.ts';
import { configFromEnv, grpcEchoBasicConfig } from './config.ts';
import type { Config } from './config.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Stoppable {
  /** One line for the log. */
  readonly description: string;
  shutdown(): Promise<void>;
}

/**
 * Starts what the environment asks for and stops it on SIGTERM or SIGINT; with `--check` at once, which shows that the settings
 * can be used. Ends the process.
 */
export async function run(env: Env, args: readonly string[]): Promise<void> {
  try {
    const server = await start(env);
    console.log(server.description);
    if (args.includes('--check')) {
      await server.shutdown();
      process.exit(0);
    }
    const signal = await terminationSignal();
    console.log(`${signal}: finishing calls in flight`);
    await server.shutdown();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof RouteproofError ? error.message : messageOf(error));
    process.exit(exitCodeOf(error));
  }
}

/** Only what is served gets loaded: the HTTP, TCP and DNS modes never load gRPC. */
async function start(env: Env): Promise<Stoppable> {
  if (isSet(env, 'GRPC_ECHO_SERVER')) return startGrpc(grpcEchoBasicConfig(env));
  if (isSet(env, 'TCP_ECHO_SERVER')) return (await import('./echo-basic/tcp.ts')).startTcpEcho(env);
  if (env['ECHO_MODE'] === 'echo-basic') return (await import('./echo-basic/http.ts')).startHttpEcho(env);
  if (env['ECHO_MODE'] === 'dns-whoami') return (await import('./dns-whoami.ts')).startDnsWhoami(env);
  return startGrpc(configFromEnv(env));
}

async function startGrpc(config: Config): Promise<Stoppable> {
  const { startEchoServer } = await import('./echo-server.ts');
  return startEchoServer(config);
}

function terminationSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

function isSet(env: Env, variable: string): boolean {
  return (env[variable] ?? '') !== '';
}
