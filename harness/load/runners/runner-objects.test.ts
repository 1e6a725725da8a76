import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { projectRoot } from '../../../common/tools.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { job } from './job.ts';
import { k6Operator } from './k6-operator.ts';
import { defaultK6Image, podSubjects, type PodsSpec } from './runner.ts';
import { sharedObjects, startName, startObject } from './shared-objects.ts';

const spec: PodsSpec = {
  kind: 'job',
  parallelism: 3,
  image: 'registry.example/k6:1',
  namespace: 'rp-load',
  subject: 'unary-latency',
  parameters: { LEGS: '[{"side":"direct"}]', GENERATORS: '3' },
  mostSeconds: 90,
};

interface Volume {
  configMap: { name: string; items: { key: string; path: string }[] };
}
interface PodParts {
  volumes: Volume[];
  volumeMounts: { mountPath: string }[];
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** Paths that a script imports from beside it, and those of them. */
function importsOf(path: string): string[] {
  const own = [...read(path).matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, name = '']) =>
    posix.join(posix.dirname(path), name),
  );
  return [...new Set([...own, ...own.flatMap(importsOf)])];
}

describe('the objects of pods that call', () => {
  const [files, , role] = sharedObjects(spec) as (KubeObject & {
    data?: Record<string, string>;
    rules?: object[];
  })[];
  const jobSpec = job.workload(spec).spec as {
    template: { spec: PodParts & { containers: [PodParts & { args: string[]; image: string }] } };
  };
  const pod = jobSpec.template.spec;
  const [container] = pod.containers;
  const testRun = k6Operator.workload(spec).spec as {
    script: { localFile: string };
    arguments: string;
    runner: PodParts & { image: string };
  };

  for (const subject of podSubjects) {
    it(`have every file of ${subject} where its script looks for it`, () => {
      const paths = (pod.volumes[0]?.configMap.items ?? []).map(({ path }) => path);
      const script = `suites/load/${subject}.pods.k6.ts`;
      expect(paths).to.include.members([script, ...importsOf(script), 'echo-server/proto/echo.proto']);
      for (const { key, path } of pod.volumes[0]?.configMap.items ?? []) {
        expect(key).to.match(/^[-._a-zA-Z0-9]+$/);
        if (!path.endsWith('.json')) expect(files?.data?.[key]).to.equal(read(path));
      }
      expect(`${container.volumeMounts[0]?.mountPath ?? ''}/${script}`).to.equal(container.args.at(-1));
    });
  }

  it('carry the parameters as a file, with where the common start is told', () => {
    const key = pod.volumes[0]?.configMap.items.find(({ path }) => path.endsWith('.json'))?.key ?? '';
    expect(JSON.parse(files?.data?.[key] ?? '')).to.deep.equal({ ...spec.parameters, START: startName });
    expect(startObject('rp-load', 1_234)).to.deep.include({ data: { startMs: '1234' } });
  });

  it('let pods read the common start, and nothing else', () => {
    expect(role?.rules).to.deep.equal([
      { apiGroups: [''], resources: ['configmaps'], resourceNames: [startName], verbs: ['get'] },
    ]);
  });

  it('are an indexed Job that tries nothing twice and ends by itself', () => {
    expect(jobSpec).to.deep.include({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 0,
      activeDeadlineSeconds: 90,
    });
    expect(container.image).to.equal(spec.image);
  });

  it('are a TestRun with the same files, for the operator', () => {
    expect(testRun).to.deep.include({ parallelism: 3, script: { localFile: container.args.at(-1) } });
    expect(testRun.arguments).to.equal('--no-color --no-usage-report --log-format raw');
    const { runner } = testRun;
    expect(runner.image).to.equal(spec.image);
    expect([runner.volumes, runner.volumeMounts]).to.deep.equal([pod.volumes, container.volumeMounts]);
  });

  it('run the version of k6 that is pinned, and the local cluster has it', () => {
    const pinned = /go\.k6\.io\/k6 v(\S+)/.exec(read('tools/k6/go.mod'))?.[1];
    expect(defaultK6Image).to.equal(`docker.io/grafana/k6:${pinned ?? 'none'}`);
    const { images } = parse(read('clusters/local/images.yaml')) as { images: object };
    expect(images).to.have.property(defaultK6Image);
  });
});
