/**
 * Translates a recording again with each mutant, and prints which objects then come out otherwise: a line of JSON for each mutant.
 *
 * Usage: node replay.mjs RECORDING, ids on stdin, one a line. Each scenario's part of the recording is translated by itself.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../common/errors.ts';
import { Translator } from '../translate/translator.ts';
import type { TranslateInput } from '../translate/types.ts';
import { XdsDelta } from '../xds/xds-delta.ts';
import { aloneOf, inputsOf } from './recording.ts';
import { activate, reached } from './switches.ts';

/** By what it is about: `statuses`, or a Gateway's key. */
type Output = Map<string, Map<string, string>>;

interface ReplayLine {
  mutant: string;
  /** Names of what came out otherwise: of statuses, of resources. */
  differs: string[];
  /** Whether there is more. */
  more?: true;
  error?: string;
  /** Translations do not come by its code; or it is come by where modules are loaded, when no mutant is active yet. */
  skipped?: 'unreached' | 'at-start';
}

const none: Output = new Map();
const enough = 12;
/** Beyond what the healthy translation needs. */
const hitShare = 50;

async function* linesOf(path: string | undefined): AsyncGenerator<string> {
  const input = path === undefined ? process.stdin : createReadStream(path);
  for await (const line of createInterface({ input })) if (line !== '') yield line;
}

/** What one pipeline makes of the steps: after each, what differs from before. */
class Replay {
  readonly #translator = new Translator();
  #deltas = new Map<string, XdsDelta>();
  #irs = new Map<string, unknown>();

  next(input: TranslateInput): Output {
    const { gateways, statuses, usedClasses } = this.#translator.translate(input);
    const output: Output = new Map();
    output.set(
      'statuses',
      new Map(
        statuses.map((update) => [
          `${update.kind} ${update.namespace ?? ''}/${update.name}`,
          JSON.stringify(update.status),
        ]),
      ),
    );
    output.set('classes', new Map([...usedClasses].map((name) => [name, ''])));
    for (const key of [...this.#deltas.keys()]) {
      if (gateways.has(key)) continue;
      this.#deltas.delete(key);
      this.#irs.delete(key);
      output.set(key, new Map([['gone', '']]));
    }
    for (const [key, ir] of gateways) {
      if (this.#irs.get(key) === ir) continue;
      const delta = this.#deltas.get(key) ?? new XdsDelta();
      this.#deltas.set(key, delta);
      this.#irs.set(key, ir);
      const told = Object.entries(delta.changes(ir)).flatMap(([type, resources]) =>
        [...resources].map(([name, resource]): [string, string] => [
          `${type} ${name}`,
          resource?.version ?? '-',
        ]),
      );
      output.set(key, new Map(told));
    }
    return output;
  }
}

/** What each side's proxies have by now; both start equal. */
class Comparison {
  readonly #differs: Set<string>;
  readonly #has = [new Map<string, Map<string, string>>(), new Map<string, Map<string, string>>()] as const;

  constructor(differs: Set<string>) {
    this.#differs = differs;
  }

  add(healthy: Output, mutant: Output): void {
    for (const about of ['statuses', 'classes']) this.#compare(about, healthy.get(about), mutant.get(about));
    for (const key of new Set([...healthy.keys(), ...mutant.keys()])) {
      if (key === 'statuses' || key === 'classes') continue;
      const changed = new Set<string>();
      for (const [side, output] of [healthy, mutant].entries())
        this.#take(side, key, output.get(key), changed);
      for (const name of changed) {
        const [left, right] = this.#has.map((side) => side.get(key)?.get(name));
        if (left !== right) this.#differs.add(`${key} ${name}`);
      }
    }
  }

  #take(side: number, key: string, told: Map<string, string> | undefined, changed: Set<string>): void {
    if (told === undefined) return;
    const all = this.#has[side];
    if (all === undefined) return;
    if (told.has('gone')) {
      for (const name of all.get(key)?.keys() ?? []) changed.add(name);
      all.delete(key);
      return;
    }
    const has = all.get(key) ?? new Map<string, string>();
    all.set(key, has);
    for (const [name, version] of told) {
      changed.add(name);
      if (version === '-') has.delete(name);
      else has.set(name, version);
    }
  }

  #compare(about: string, healthy = new Map<string, string>(), mutant = new Map<string, string>()): void {
    for (const name of new Set([...healthy.keys(), ...mutant.keys()]))
      if (healthy.get(name) !== mutant.get(name)) this.#differs.add(`${about} ${name}`);
  }
}

/** A recording, and what the healthy gateway makes of it. */
interface Course {
  steps: readonly string[];
  healthy: readonly Output[];
  /** Ids of the mutants whose code it comes by. */
  reaches: ReadonlySet<string>;
}

function tryMutant(mutant: string, hitLimit: number, courses: readonly Course[]): ReplayLine {
  const differs = new Set<string>();
  try {
    activate(mutant, hitLimit);
    for (const course of courses) {
      if (!course.reaches.has(mutant)) continue;
      compare(course, differs);
      if (differs.size >= enough) return { mutant, differs: [...differs], more: true };
    }
    return { mutant, differs: [...differs] };
  } catch (error) {
    return { mutant, differs: [...differs], error: messageOf(error) };
  } finally {
    activate(undefined);
  }
}

function compare({ steps, healthy }: Course, differs: Set<string>): void {
  const comparison = new Comparison(differs);
  const replay = new Replay();
  let at = 0;
  for (const input of inputsOf(steps)) {
    comparison.add(healthy[at] ?? none, replay.next(input));
    at += 1;
  }
}

function healthyCourse(steps: readonly string[]): Course {
  const before = { ...reached() };
  const replay = new Replay();
  const healthy: Output[] = [];
  for (const input of inputsOf(steps)) healthy.push(replay.next(input));
  const reaches = Object.entries(reached()).flatMap(([id, count]) => (count === before[id] ? [] : [id]));
  return { steps, healthy, reaches: new Set(reaches) };
}

const atStart = { ...reached() };
const steps: string[] = [];
for await (const line of linesOf(process.argv[2])) steps.push(line);
const courses = aloneOf(steps).map(healthyCourse);
const hits = { ...reached() };
for await (const mutant of linesOf(undefined)) {
  process.stdout.write(`${JSON.stringify(replayed(mutant))}\n`);
  // So that it is written, or it is noticed that nobody reads any more.
  await turn();
}

function replayed(mutant: string): ReplayLine {
  const count = hits[mutant];
  if (count === undefined) return { mutant, differs: [], skipped: 'unreached' };
  const line = tryMutant(mutant, count * hitShare + 1000, courses);
  const isActive = atStart[mutant] === undefined;
  return isActive || line.differs.length > 0 || line.error !== undefined
    ? line
    : { ...line, skipped: 'at-start' };
}
