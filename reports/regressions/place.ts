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

/** Where a regression of this figure lies: as far as it can be told from the figures beside it. */
export function placeOf(figure: RunFigure, all: readonly RunFigure[]): string {
  const { name, side } = figure;
  if (isLoss(figure)) return lostPlace(figure, all);
  if (side === 'gateway / floor')
    return 'between floor and gateway: the same Envoy costs more with what the controller configures';
  if (side === 'gateway / direct')
    return 'between backend and gateway: without the gateway it did not get worse';
  if (side === 'gateway') return 'in the gateway';
  const place =
    places[name] ?? 'between the API write and the proxy: controller, what it sends, or the proxy';
  return place + growth(figure, all);
}

function lostPlace({ subject, side, of, name }: RunFigure, all: readonly RunFigure[]): string {
  if (side === '') return 'while the configuration changes';
  const others = all.filter(
    (each) => each.name === name && each.subject === subject && each.of === of && each.side !== side,
  );
  const alsoLost = others.filter(({ value = 0 }) => value > 0).map((each) => each.side);
  if (alsoLost.length > 0) return `not in the gateway alone: ${alsoLost.join(' and ')} lost some too`;
  return `in the gateway: ${others.map((each) => each.side).join(' and ')} lost none`;
}

/** What grows with the number of objects is a push of everything, or a search through everything. */
function growth({ subject, name }: RunFigure, all: readonly RunFigure[]): string {
  const sizes = all
    .filter((each) => each.subject === subject && each.name === name && isMedian(each))
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

function isMedian({ samples }: RunFigure): boolean {
  return samples.kind === 'single' && samples.share === 0.5;
}
