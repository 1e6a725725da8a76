import { isLoss, type RunFigure } from './run-figures.ts';

/** What a figure of the control plane has in it, and nothing else. */
const places: Record<string, string> = {
  controllerCpuPerChangeMs: 'in the controller: a change costs it more',
  controllerMemoryBytes: 'in the controller',
  controllerIdlePercent: 'in the controller: it is busy without a change',
  proxyCpuPerChangeMs: 'in the proxy: it has more to do for a change',
  bytesToProxyPerChange: 'between controller and proxy: more is sent for a change',
  routeStatusWrites: 'in the controller: it writes statuses more often',
  gatewayStatusWrites: 'in the controller: it writes statuses more often',
};

/** What is known of the figures beside one. */
export interface Beside {
  /** Of the new run. */
  figures: readonly RunFigure[];
  /** Their verdicts, by key. */
  verdicts: ReadonlyMap<string, string>;
}

/** Where a regression of this figure lies: as far as it can be told from the figures beside it. */
export function placeOf(figure: RunFigure, beside: Beside): string {
  const plane = figure.side === '' ? 'control plane' : 'data plane';
  return `${plane}, ${placeIn(figure, beside)}`;
}

function placeIn(figure: RunFigure, { figures: all, verdicts }: Beside): string {
  const { name, side } = figure;
  if (isLoss(figure)) return lostPlace(figure, all);
  const others = all
    .filter((each) => isSameOfOtherSide(each, figure) && ['direct', 'floor'].includes(each.side))
    .map((each) => `${each.side}: ${verdicts.get(each.key) ?? 'not judged'}`);
  const sides = others.length === 0 ? '' : ` (${others.join(', ')})`;
  if (side === 'gateway / floor')
    return `between floor and gateway: the same Envoy costs more with what the controller configures${sides}`;
  if (side === 'gateway / direct')
    return `between backend and gateway: without the gateway it did not get worse${sides}`;
  if (name === 'proxyCpuPerCallMs') return 'in the proxy: a call costs it more CPU time';
  if (side === 'gateway') return `in the gateway${sides}`;
  const place =
    places[name] ?? 'between the API write and the proxy: controller, what it sends, or the proxy';
  return place + growth(figure, all);
}

function lostPlace(figure: RunFigure, all: readonly RunFigure[]): string {
  if (figure.side === '') return 'while the configuration changes';
  const others = all.filter((each) => isSameOfOtherSide(each, figure));
  const alsoLost = others.filter(({ value = 0 }) => value > 0).map((each) => each.side);
  if (alsoLost.length > 0) return `not in the gateway alone: ${alsoLost.join(' and ')} lost some too`;
  return `in the gateway: ${others.map((each) => each.side).join(' and ')} lost none`;
}

/** What grows with the number of objects is a push of everything, or a search through everything. */
function growth({ subject, name }: RunFigure, all: readonly RunFigure[]): string {
  const sizes = all
    .filter((each) => each.subject === subject && each.name === name && isMiddle(each))
    .filter(
      (each): each is RunFigure & { size: number; value: number } =>
        each.size !== undefined && each.value !== undefined,
    )
    .sort((a, b) => a.size - b.size);
  const [least, most] = [sizes[0], sizes.at(-1)];
  if (least === undefined || most === undefined || least === most || least.value <= 0) return '';
  const times = most.value / least.value;
  if (times < 2) return '; it does not grow with the number of objects';
  return `; it grows with their number: ${times.toFixed(1)} times as much with ${most.of} as with ${least.of}`;
}

/** What stands for the figure at a size: a percentile further out is of the same samples. */
function isMiddle({ samples }: RunFigure): boolean {
  return samples.kind === 'blocks' || (samples.kind === 'single' && samples.share === 0.5);
}

/** The same measure of the other sides. */
export function isSameOfOtherSide(each: RunFigure, { name, subject, of, side }: RunFigure): boolean {
  return each.name === name && each.subject === subject && each.of === of && each.side !== side;
}
