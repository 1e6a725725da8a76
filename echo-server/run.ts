import { RouteproofError, exitCodeOf, messageOf } from '../common/errors.ts';
import { configFromEnv } from './config.ts';

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

/** Only what is served gets loaded: the DNS mode never loads gRPC. */
async function start(env: Env): Promise<Stoppable> {
  if (env['ECHO_MODE'] === 'dns-whoami') return (await import('./dns-whoami.ts')).startDnsWhoami(env);
  const { startEchoServer } = await import('./echo-server.ts');
  return startEchoServer(configFromEnv(env));
}

function terminationSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
