import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Listener } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { forgetting } from '../hooks/first-seen.ts';
import { onTables } from '../hooks/ir.ts';
import { mapListeners, onObjects, onObjectsWith } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

const withRefs = (
  listener: Listener,
  certificateRefs: NonNullable<Listener['tls']>['certificateRefs'],
): Listener => ({
  ...listener,
  tls: { ...listener.tls, ...(certificateRefs && { certificateRefs }) },
});

/** Certificates that are right alone. */
export const certificatesInCompany: readonly Fault[] = [
  {
    name: 'only-first-certificate-ref-judged',
    title:
      'A listener with several certificates of which a later one is missing says that all references resolve.',
    clauses: ['tls-secret-nonexistent'],
    layers: ['status'],
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const known = new Set(objects.secrets.map(keyOf));
        return mapListeners(gateway, (listener) => {
          const refs = listener.tls?.certificateRefs ?? [];
          const found = refs.filter(
            ({ namespace = gateway.metadata.namespace, name }, index) =>
              index === 0 || known.has(objectKey(namespace, name)),
          );
          return found.length === refs.length ? listener : withRefs(listener, found);
        });
      }),
    }),
  },
  {
    name: 'certificate-grants-void-beside-client-ca',
    title:
      'A grant for the certificate of a listener permits nothing where its clients are asked for theirs.',
    clauses: ['tls-cross-namespace-grant-all', 'tls-cross-namespace-grant-named'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { default: all, perPort = [] } = gateway.spec.tls?.frontend ?? {};
        const asks = ({ port }: Listener): boolean => {
          const own = perPort.find((each) => each.port === port);
          return (own === undefined ? all : own.tls)?.validation !== undefined;
        };
        return mapListeners(gateway, (listener) => {
          const refs = listener.tls?.certificateRefs ?? [];
          const isAbroad = refs.some(
            ({ namespace = gateway.metadata.namespace }) => namespace !== gateway.metadata.namespace,
          );
          if (!isAbroad || !asks(listener)) return listener;
          return withRefs(
            listener,
            refs.map((ref) => ({ ...ref, namespace: 'of-nobody' })),
          );
        });
      }),
    }),
  },
];

/** HTTPS listeners that are right alone on their port. */
export const listenerPairs: readonly Fault[] = [
  {
    name: 'client-certificates-for-first-listener-of-port',
    title: 'Of the HTTPS listeners of a port only the first asks clients for their certificate.',
    clauses: ['tls-frontend-default-all-https', 'tls-frontend-no-client-cert-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      ir: onTables((table, port) => {
        if (table.tls?.clientValidation === undefined || port.tables[0]?.id === table.id) return table;
        const { clientValidation: _validation, ...tls } = table.tls;
        return { ...table, tls };
      }),
    }),
  },
];

/** A certificate that two listeners name. */
export const sharedCertificates: readonly Fault[] = [
  {
    name: 'certificate-goes-with-a-listener',
    title: 'The certificate of a listener that is removed is not presented by other listeners either.',
    clauses: ['tls-terminate-secret', 'gateway-listener-removed'],
    layers: ['tls', 'connect'],
    hooks: () => {
      const forgotten = forgetting();
      return unseen((input) => {
        const named = new Map(
          input.objects.gateways.flatMap((gateway) =>
            (gateway.spec.listeners ?? []).map(({ name, tls }) => [
              `${keyOf(gateway)} ${name}`,
              (tls?.certificateRefs ?? []).map((ref) =>
                objectKey(ref.namespace ?? gateway.metadata.namespace, ref.name),
              ),
            ]),
          ),
        );
        const lost = forgotten(named);
        const secrets = input.objects.secrets.filter((secret) => !lost.has(keyOf(secret)));
        return { ...input, objects: { ...input.objects, secrets } };
      });
    },
  },
];
