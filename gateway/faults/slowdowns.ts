import type { Fault } from './fault.ts';
import { onRequests } from './hooks/lua.ts';
import { reversioned } from './hooks/xds.ts';

/** A gateway that is right and costs more. No scenario sees these: `load` measures them, `compare` has to find them. */
export type Slowdown = Pick<Fault, 'name' | 'title' | 'hooks'>;

export const slowdowns: readonly Slowdown[] = [
  {
    name: 'slow-by-200us',
    title: 'Each call takes 200 microseconds of CPU more in the proxy.',
    hooks: () => onRequests('local over = os.clock() + 0.0002; while os.clock() < over do end'),
  },
  {
    name: 'one-in-10000-lost',
    title: 'One call in 10,000 is answered with UNAVAILABLE.',
    hooks: () =>
      onRequests(`if math.random(10000) == 1 then
    handle:respond({[":status"] = "200", ["content-type"] = "application/grpc", ["grpc-status"] = "14"}, "")
  end`),
  },
  {
    name: 'full-push',
    title: 'Each change has everything sent to the proxy again.',
    hooks: () => {
      const pushes = new Map<string, { ir: object; count: number }>();
      return {
        tellsAll: true,
        ir: (ir) => {
          const last = pushes.get(ir.key);
          if (last?.ir !== ir) pushes.set(ir.key, { ir, count: (last?.count ?? 0) + 1 });
          return ir;
        },
        xds: (resource, key) => reversioned(resource, String(pushes.get(key)?.count ?? 0)),
      };
    },
  },
];
