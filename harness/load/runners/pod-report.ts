import { Delivery } from '../../existing/runner/delivery.ts';

/** What one pod tells of one block; suites/load/shared/pods.k6.ts writes it. */
export interface PodBlock {
  /** The k6 scenario: side and number. */
  name: string;
  requests: number;
  droppedIterations: number;
  failed: number;
  /** Unix milliseconds by the pod's clock: its first and last call began; 0 without calls. */
  firstMs: number;
  lastMs: number;
  /** How many latencies it has. */
  latencies: number;
  /** The latency at each quantile in microseconds, as its difference to the one before. */
  stepsUs: number[];
}

export interface PodReport {
  pod: string;
  /** In percent, ascending, from 0 to 100. */
  quantiles: number[];
  blocks: PodBlock[];
  /** The first failures that its virtual users had. */
  failures: { block: string; reason: string }[];
}

const failureMark = 'routeproof-failure ';
const waitingLine = 'routeproof-waiting';
/** The last lines say why a pod failed; before them stands what k6 is about to do. */
const keptLines = 20;

/** Reads the log of one pod, line by line. */
export class PodLog {
  readonly pod: string;
  /** Whether it waits for the common start. */
  isWaiting = false;
  readonly #delivery = new Delivery((text) => text);
  readonly #failures: PodReport['failures'] = [];
  readonly #words: string[] = [];

  constructor(pod: string) {
    this.pod = pod;
  }

  take(line: string): void {
    if (line === waitingLine) this.isWaiting = true;
    else if (line.startsWith(failureMark)) this.#takeFailure(line.slice(failureMark.length));
    else if (!this.#delivery.take(line) && line.trim() !== '') this.#words.push(line);
  }

  /** A line that was cut is no JSON: it told what others tell too. */
  #takeFailure(text: string): void {
    try {
      this.#failures.push(JSON.parse(text) as PodReport['failures'][number]);
    } catch {
      this.#words.push(text);
    }
  }

  /** What it wrote for people, its end. */
  get lastWords(): string {
    return this.#words.slice(-keptLines).join('\n');
  }

  /**
   * @returns undefined when it told nothing
   * @throws RouteproofError RUNNER_FAILED - a part is missing
   */
  report(): PodReport | undefined {
    const told = this.#delivery.result() as Pick<PodReport, 'quantiles' | 'blocks'> | undefined;
    return told === undefined ? undefined : { ...told, pod: this.pod, failures: this.#failures };
  }
}
