import type { Container } from '../../../api/types.ts';
import type { ProbeAnswer } from '../probes/probe-answer.ts';
import { runProber } from '../probes/prober.ts';

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

export interface ContainerProbesOptions {
  container: Container;
  podIp: string;
  exec: (argv: string[], timeoutMs: number) => Promise<ProbeAnswer>;
  changed(): void;
  unhealthy: (kind: ProbeKind, message: string) => void;
  /** The container has to be restarted. */
  failed(kind: ProbeKind): void;
}

/** The probes of one run of a container: startup first, then liveness and readiness side by side. */
export class ContainerProbes {
  readonly #options: ContainerProbesOptions;
  readonly #stop = new AbortController();
  /** A program starts once: nobody is asked about it again. */
  readonly #startupOver = new AbortController();
  #started: boolean;
  #ready: boolean;

  constructor(options: ContainerProbesOptions) {
    const { startupProbe, readinessProbe } = options.container;
    this.#options = options;
    this.#started = startupProbe === undefined;
    this.#ready = this.#started && readinessProbe === undefined;
    if (startupProbe === undefined) this.#startOthers();
    else this.#start('Startup', startupProbe, undefined, (ok) => this.#startupVerdict(ok));
  }

  get started(): boolean {
    return this.#started;
  }

  get ready(): boolean {
    return this.#ready;
  }

  stop(): void {
    this.#stop.abort();
    this.#startupOver.abort();
  }

  #startupVerdict(ok: boolean): void {
    this.#startupOver.abort();
    if (!ok) {
      this.#options.failed('Startup');
      return;
    }
    this.#started = true;
    this.#ready = this.#options.container.readinessProbe === undefined;
    this.#startOthers();
    this.#options.changed();
  }

  #startOthers(): void {
    const { livenessProbe, readinessProbe } = this.#options.container;
    if (livenessProbe !== undefined) {
      this.#start('Liveness', livenessProbe, true, (ok) => {
        if (!ok) this.#options.failed('Liveness');
      });
    }
    if (readinessProbe !== undefined) {
      this.#start('Readiness', readinessProbe, undefined, (ok) => {
        this.#ready = ok;
        this.#options.changed();
      });
    }
  }

  #start(
    kind: ProbeKind,
    probe: NonNullable<Container['livenessProbe']>,
    initially: boolean | undefined,
    verdict: (ok: boolean) => void,
  ): void {
    const { container, podIp, exec, unhealthy } = this.#options;
    void runProber({
      probe,
      target: { container, podIp, exec },
      initially,
      signal: kind === 'Startup' ? this.#startupOver.signal : this.#stop.signal,
      verdict,
      unhealthy: ({ message }) => unhealthy(kind, message),
    });
  }
}
