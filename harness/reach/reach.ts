/** An address of the cluster, as a status or a pod tells it, or of this machine. */
export interface Place {
  /** IP address or DNS name. */
  address: string;
  port: number;
}

/** Whose address it is. */
export type Owner = 'gateway' | 'pod';

/** How addresses of the cluster are dialled from where the run is. */
export interface Reach {
  /** What to dial instead; the same place where it can be dialled itself. */
  to(place: Place, of: Owner): Promise<Place>;
  /** How a person gets there when the run is over. */
  byHand(place: Place, of: Owner): Promise<HandReach>;
  close(): void;
}

export interface HandReach {
  /** What to dial. */
  place: Place;
  /** The command, as argv, that has to run meanwhile; left open where none has to. */
  meanwhile?: readonly string[];
}

/** From a place with a route to all of them: on a node, in a pod, in the network of a cluster of ours. */
export const directly: Reach = {
  to: (place) => Promise.resolve(place),
  byHand: (place) => Promise.resolve({ place }),
  close: () => undefined,
};

/** As part of a target: nothing where a place is dialled itself. */
export async function dialled(reach: Reach, place: Place, of: Owner): Promise<{ dial?: Place }> {
  const dial = await reach.to(place, of);
  return dial.address === place.address && dial.port === place.port ? {} : { dial };
}
