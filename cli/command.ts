import { InvalidArgumentError, Option } from 'commander';
import { providerNames } from './providers.ts';

export function clusterOption(): Option {
  return new Option('--cluster <provider>', 'what hosts the cluster').choices(providerNames).default('local');
}

export function nameOption(): Option {
  return new Option('--name <name>', 'cluster name').default('default').argParser((text: string) => {
    if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(text)) return text;
    throw new InvalidArgumentError("lower-case letters, digits and '-', at most 32 characters.");
  });
}

export function gatewayClassOption(): Option {
  return new Option('--gateway-class <class>', 'GatewayClass under test').default('routeproof');
}

export function channelOption(): Option {
  return new Option('--channel <channel>', 'Gateway API release channel')
    .choices(['standard', 'experimental'])
    .default('standard');
}

/** Only the spec itself until a product's documented deviations are built as profiles. */
export function profileOption(): Option {
  return new Option('--profile <profile>', 'what counts as right').choices(['standard']).default('standard');
}

/** `A,B` as a list; may be given several times. */
export function listOf(text: string, earlier: string[] = []): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('an empty name in the list.');
  return [...earlier, ...items];
}

/** A whole number of at least `minimum`. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`a whole number of at least ${minimum} is wanted.`);
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('a number above 0 is wanted.');
}
