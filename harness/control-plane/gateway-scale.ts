import type { Gateway } from '../kube/objects.ts';
import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import { gatewayObject, gatewayPort, gatewayProgrammed, routeOf, type Lab } from './lab.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

const amounts: Record<Length, { gateways: number; listeners: number }> = {
  quick: { gateways: 5, listeners: 5 },
  long: { gateways: 50, listeners: 20 },
};
const servedLimitMs = 60_000;
const firstListenerPort = 8_100;

/** Gateways made one after the other, then listeners added to one of them: until they are Programmed, and until they serve. */
export const gatewayScale: Subject = {
  name: 'gateway-scale',
  title: 'Gateways and listeners added: until they are Programmed, and until the first call',
  seconds: { quick: 20, long: 150 },
  async measure(lab, { length }) {
    const { gateways, listeners } = amounts[length];
    const programmed: number[] = [];
    const served: number[] = [];
    for (let n = 0; n < gateways; n++) {
      const times = await addGateway(lab, `more-${n}`);
      programmed.push(times.programmedMs);
      served.push(times.servedMs);
      if ((n + 1) % 10 === 0) lab.progress(`  ${n + 1} of ${gateways} Gateways`);
    }
    const figures = [
      figureOf({
        name: 'gatewayProgrammedMs',
        title: 'One more Gateway, until it is Programmed',
        unit: 'ms',
        samples: programmed,
      }),
      figureOf({
        name: 'gatewayServedMs',
        title: 'One more Gateway, until its first call',
        unit: 'ms',
        samples: served,
      }),
    ];
    return { figures: [...figures, ...(await addListeners(lab, listeners))] };
  },
};

async function addGateway(lab: Lab, name: string): Promise<{ programmedMs: number; servedMs: number }> {
  const { env, namespace, signal } = lab;
  const gateway = { namespace, name };
  await env.kube.create(routeOf(lab, name, { gateway }));
  const startedMs = performance.now();
  await env.kube.create(gatewayObject(env, gateway));
  const address = await gatewayProgrammed(env, gateway, signal);
  const programmedMs = performance.now() - startedMs;
  const at = { address, port: gatewayPort };
  return {
    programmedMs,
    servedMs: (await untilServed(lab, name, { at, limitMs: servedLimitMs })) - startedMs,
  };
}

/** On the subject's own Gateway, whose routes attach to every listener. */
async function addListeners(lab: Lab, count: number): Promise<ControlPlaneFigure[]> {
  const { env, gateway, signal } = lab;
  await env.kube.create(routeOf(lab, 'listeners'));
  const ports = [gatewayPort];
  const served: number[] = [];
  for (let n = 0; n < count; n++) {
    const port = firstListenerPort + n;
    ports.push(port);
    const { spec } = gatewayObject(env, gateway, ports) as Gateway;
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${gateway.namespace}/gateways/${gateway.name}`;
    const startedMs = performance.now();
    await env.kube.send('PATCH', path, { body: { spec }, contentType: 'application/merge-patch+json' });
    const address = await gatewayProgrammed(env, gateway, signal);
    served.push(
      (await untilServed(lab, 'listeners', { at: { address, port }, limitMs: servedLimitMs })) - startedMs,
    );
  }
  return [
    figureOf({
      name: 'listenerServedMs',
      title: 'One more listener, until its first call',
      unit: 'ms',
      samples: served,
    }),
  ];
}
