/** One test or subtest of a Go test program. */
export interface GoTest {
  /** `TestConformance/Name/subtest`. */
  name: string;
  outcome: 'running' | 'pass' | 'fail' | 'skip';
  startedMs: number;
  durationMs: number;
  /** What it printed, oldest first: the first lines, where the suite says what a test relies on, and the last ones. */
  output: string[];
}

/** Enough to see what a test waited for in vain; some print tens of thousands of lines. */
const firstLines = 50;
const lastLines = 200;

const endings = { PASS: 'pass', FAIL: 'fail', SKIP: 'skip' } as const;

/**
 * Reads what a Go test program prints with `-test.v=test2json`: its own lines begin with ^V there, so that nothing a test
 * prints can be mistaken for them.
 */
export class GoTestStream {
  /** In the order in which they began. */
  readonly tests = new Map<string, GoTest>();
  readonly #ended: (test: GoTest) => void;
  readonly #nowMs: () => number;
  #current: GoTest | undefined;

  /** @param ended - called with each test and subtest as it ends */
  constructor(ended: (test: GoTest) => void, nowMs: () => number) {
    this.#ended = ended;
    this.#nowMs = nowMs;
  }

  line(text: string): void {
    if (!text.startsWith('\u0016')) {
      this.#output(text);
      return;
    }
    const framed = text.slice(1);
    const began = /^=== (RUN|PAUSE|CONT|NAME) +(\S*)$/.exec(framed);
    if (began !== null) {
      const [, what = '', name = ''] = began;
      this.#current = what === 'PAUSE' ? undefined : name === '' ? undefined : this.#test(name);
      return;
    }
    const end = /^ *--- (PASS|FAIL|SKIP): (\S+) \((\d+(?:\.\d+)?)s\)$/.exec(framed);
    if (end === null) {
      this.#output(framed);
      return;
    }
    const test = this.#test(end[2] ?? '');
    test.outcome = endings[end[1] as keyof typeof endings];
    test.durationMs = Math.round(Number(end[3]) * 1000);
    this.#current = undefined;
    this.#ended(test);
  }

  #test(name: string): GoTest {
    let test = this.tests.get(name);
    if (test === undefined) {
      test = { name, outcome: 'running', startedMs: this.#nowMs(), durationMs: 0, output: [] };
      this.tests.set(name, test);
    }
    return test;
  }

  /** A subtest's lines belong to the tests around it too. */
  #output(text: string): void {
    let name = this.#current?.name ?? '';
    while (name !== '') {
      const test = this.tests.get(name);
      test?.output.push(text);
      if (test !== undefined && test.output.length > firstLines + lastLines)
        test.output.splice(firstLines, 1);
      name = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    }
  }
}
