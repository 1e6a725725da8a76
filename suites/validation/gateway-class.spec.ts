import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { badPattern, clausesOf, judge, missing, tooLong, tooShort, type Case } from './judge.ts';

const stranger = 'example.org/nobody';

function gatewayClass(spec: object, name = 'judged'): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name },
    spec,
  } as KubernetesObject;
}

const pathed = [
  gatewayClass({ controllerName: stranger }),
  gatewayClass({ controllerName: 'example.org/a/b' }),
];

const cases: Case[] = [
  {
    clauses: ['validation-class-controllername-pattern'],
    wrong: 'a domain without path, a path without domain',
    accepted: pathed,
    refused: [gatewayClass({ controllerName: 'example.org' }), gatewayClass({ controllerName: '/nobody' })],
    field: 'spec.controllerName',
    says: badPattern,
  },
  {
    clauses: ['validation-class-controllername-pattern'],
    wrong: 'an empty controllerName',
    accepted: pathed,
    refused: [gatewayClass({ controllerName: '' })],
    field: 'spec.controllerName',
    says: tooShort,
  },
  {
    clauses: ['validation-class-controllername-pattern'],
    wrong: 'no controllerName',
    accepted: pathed,
    refused: [gatewayClass({ description: 'mine' })],
    field: 'spec.controllerName',
    says: missing,
  },
  {
    clauses: ['validation-class-description-max'],
    wrong: 'a description of 65 characters',
    accepted: [gatewayClass({ controllerName: stranger, description: 'd'.repeat(64) })],
    refused: [gatewayClass({ controllerName: stranger, description: 'd'.repeat(65) })],
    field: 'spec.description',
    says: tooLong,
  },
  {
    clauses: ['validation-class-controllername-immutable'],
    wrong: 'another controllerName for a class that exists',
    accepted: [gatewayClass({ controllerName: stranger, description: 'changed' }, 'stored')],
    refused: [gatewayClass({ controllerName: 'example.org/somebody' }, 'stored')],
    field: 'spec.controllerName',
    says: /(Value|field) is immutable/,
  },
];

scenario(
  {
    id: 'validation/gateway-class',
    title: 'The API server refuses malformed GatewayClasses and a change of their controller',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  async (t) => {
    await t.applyObjects(gatewayClass({ controllerName: stranger }, 'stored'));
    await judge(t, cases);
  },
);
