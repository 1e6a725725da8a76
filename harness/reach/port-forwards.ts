import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { messageOf } from '../../common/errors.ts';
import type { ResourceWatch } from '../kube/watch.ts';
import type { Watches } from '../kube/watches.ts';
import {
  addressIndex,
  ownerOf,
  podPorts,
  type AddressIndex,
  type PodObject,
  type PodPort,
  type ServiceObject,
  type SliceObject,
} from './pod-ports.ts';
import type { HandReach, Place } from './reach.ts';

/** Joins a connection to a port of a pod until one of them ends it. @throws Error - it cannot */
export type Forward = (to: PodPort, socket: Socket) => Promise<void>;

/** A port of this machine that stands for an address of the cluster. */
interface Opening {
  place: Place;
  port: number;
  server: Server;
  /** The last change of `server`, each after the one before. */
  fitted: Promise<void>;
}

const loopback = '127.0.0.1';
/** In commands for a person: any that is free will do, and most have this one. */
const portByHand = 18_080;

/**
 * Ports of this machine for addresses of the cluster, each for as long as the run. Each connection goes to a pod that is ready when it is
 * made, to the next one each time, as a Service would have it; while there is none it is refused, as it would be without us in between.
 * What a pod sees of the caller is 127.0.0.1.
 */
export class PortForwards {
  readonly #watches: Watches;
  readonly #forward: Forward;
  readonly #failed: (what: string) => void;
  readonly #openings = new Map<string, Promise<Opening>>();
  readonly #opened = new Set<Opening>();
  readonly #sockets = new Set<Socket>();
  #known: Promise<Record<'services' | 'slices' | 'pods', ResourceWatch>> | undefined;
  #index: AddressIndex | undefined;
  #isLooking = false;
  #isClosed = false;
  #turn = 0;

  /** @param failed - is told of connections that could not be forwarded */
  constructor(watches: Watches, forward: Forward, failed: (what: string) => void) {
    this.#watches = watches;
    this.#forward = forward;
    this.#failed = failed;
  }

  async to(place: Place): Promise<Place> {
    const key = `${place.address} ${String(place.port)}`;
    let opening = this.#openings.get(key);
    if (opening === undefined) {
      opening = this.#reserve(place);
      this.#openings.set(key, opening);
      opening.catch(() => this.#openings.delete(key));
    }
    const made = await opening;
    await this.#fit(made);
    return { address: loopback, port: made.port };
  }

  /** By kubectl, to the Service or pod that has the address now; undefined where nobody has. */
  async byHand(place: Place): Promise<HandReach | undefined> {
    const owner = ownerOf(await this.#look(), place);
    if (owner === undefined) return undefined;
    const ports = `${String(portByHand)}:${String(place.port)}`;
    return {
      place: { address: loopback, port: portByHand },
      meanwhile: ['kubectl', 'port-forward', '--namespace', owner.namespace, owner.name, ports],
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const { server } of this.#opened) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A port that no other address has, also while it is not listened on. */
  async #reserve(place: Place): Promise<Opening> {
    const server = createServer((socket) => void this.#join(place, socket));
    server.on('error', (error) => this.#failed(`${describe(place)}: ${messageOf(error)}`));
    server.listen(0, loopback);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if ([...this.#opened].some((other) => other.port === port)) {
      const another = await this.#reserve(place);
      server.close();
      return another;
    }
    const opening: Opening = { place, port, server, fitted: Promise.resolve() };
    this.#opened.add(opening);
    return opening;
  }

  /** Listens while somebody serves the address. */
  #fit(opening: Opening): Promise<void> {
    // Whoever asked has heard of what went wrong before.
    opening.fitted = opening.fitted.catch(() => undefined).then(() => this.#fitNow(opening));
    return opening.fitted;
  }

  async #fitNow({ place, port, server }: Opening): Promise<void> {
    const isServed = (await this.#serving(place)).length > 0 && !this.#isClosed;
    if (isServed === server.listening) return;
    if (!isServed) {
      // Connections that there are go on, as they do through a Service.
      server.close();
      return;
    }
    server.listen(port, loopback);
    // An error has been said.
    await once(server, 'listening').catch(() => undefined);
  }

  async #serving(place: Place): Promise<PodPort[]> {
    return podPorts(await this.#look(), place);
  }

  async #look(): Promise<AddressIndex> {
    this.#known ??= this.#watch().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    const { services, slices, pods } = await this.#known;
    // Kept until something changes: a shared cluster has thousands of pods.
    this.#index ??= addressIndex({
      services: services.all() as Iterable<ServiceObject>,
      slices: slices.all() as Iterable<SliceObject>,
      pods: pods.all() as Iterable<PodObject>,
    });
    return this.#index;
  }

  async #watch() {
    const [services, slices, pods] = await Promise.all([
      this.#watches.of('Service', undefined),
      this.#watches.of('EndpointSlice', undefined),
      this.#watches.of('Pod', undefined),
    ]);
    for (const watch of [services, slices, pods]) watch.listen(() => this.#changed());
    return { services, slices, pods };
  }

  /** Looks once for all changes of a turn. */
  #changed(): void {
    this.#index = undefined;
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      for (const opening of this.#opened) this.#fit(opening).catch(() => undefined);
    });
  }

  async #join(place: Place, socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Seen by whoever made the connection.
    socket.on('error', () => undefined);
    // What comes before there is somebody to read it must wait.
    socket.pause();
    try {
      const pods = this.#isClosed ? [] : await this.#serving(place);
      const pod = pods[this.#turn++ % Math.max(pods.length, 1)];
      if (pod === undefined || this.#isClosed) socket.destroy();
      else await this.#forward(pod, socket);
      socket.resume();
    } catch (error) {
      socket.destroy();
      this.#failed(`${describe(place)}: ${messageOf(error)}`);
    }
  }
}

function describe({ address, port }: Place): string {
  return `port-forward to ${address}:${String(port)}`;
}
