import { expect } from 'chai';
import { Recorder } from '../replay/recording.ts';
import { changed, first, generator } from '../translate/random-objects.fixture.ts';
import type { Fault, FaultHooks } from './fault.ts';
import { healthyCourse, replayedFault } from './replayed-fault.ts';

function recording(): string[] {
  const random = generator(7);
  const recorder = new Recorder();
  let objects = first;
  for (let step = 1; step <= 30; step++) {
    objects = changed(objects, random, step);
    const controllerName = 'routeproof.dev/gateway-controller';
    recorder.note({ objects, proxies: new Map(), controllerName, now: '2026-01-02T03:04:05Z' });
  }
  return recorder.steps;
}

describe('a recording that is translated with a fault', () => {
  const course = healthyCourse(recording());
  const differs = (hooks: Fault['hooks']): string => replayedFault({ name: 'f', hooks }, course).differs;
  const withHooks = (hooks: FaultHooks): string => differs(() => hooks);

  it('shows no difference where the fault has nothing to act on', () => {
    expect(withHooks({})).to.equal('no');
    expect(withHooks({ input: (input) => ({ ...input, objects: { ...input.objects } }) })).to.equal('no');
    expect(withHooks({ xds: (resource) => ({ ...resource }), statuses: (all) => [...all] })).to.equal('no');
  });

  it('shows each place where one acts, also late', () => {
    expect(
      withHooks({ input: (input) => ({ ...input, objects: { ...input.objects, grpcRoutes: [] } }) }),
    ).to.equal('yes');
    let translations = 0;
    const late: FaultHooks = {
      statuses: (all) => {
        translations += 1;
        return translations < 30 ? [...all] : [{ kind: 'Gateway', namespace: 'app', name: 'gw', status: {} }];
      },
    };
    expect(withHooks(late)).to.equal('yes');
    expect(translations).to.equal(30);
    expect(withHooks({ xds: (resource) => (resource.type === 'lds' ? undefined : resource) })).to.equal(
      'yes',
    );
    expect(withHooks({ xds: (resource) => ({ ...resource, version: `${resource.version}x` }) })).to.equal(
      'yes',
    );
    expect(withHooks({ usedClasses: () => new Set(['another']) })).to.equal('yes');
  });

  it('does not claim to know what a translation does not show', () => {
    expect(withHooks({ proxyObjects: (objects) => objects })).to.equal('unknown');
    expect(withHooks({ tellsAll: true })).to.equal('unknown');
    expect(withHooks({ writesRestlessly: true })).to.equal('unknown');
    expect(withHooks({ forProxy: (changes) => changes })).to.equal('unknown');
    expect(withHooks({ classFinalizers: (finalizers) => finalizers })).to.equal('unknown');
    const fails = (): never => {
      throw new Error('it fails');
    };
    expect(withHooks({ input: fails })).to.equal('unknown');
    expect(
      differs(({ now }) => ({
        statuses: (all) => (now() > 1 ? [] : [...all]),
      })),
    ).to.equal('unknown');
    expect(
      differs(({ refreshAfter }) => {
        refreshAfter(10);
        return {};
      }),
    ).to.equal('unknown');
  });
});
