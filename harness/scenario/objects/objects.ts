import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeObject } from '../../../common/object-key.ts';
import { ManifestError, parseManifest, type ManifestDocument } from '../../manifests/manifest.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { ApiRefusal, isConflict } from '../../kube/refusal.ts';
import type { Ref } from '../../specs/api.ts';
import { idOf, type ScenarioCore } from '../core/core.ts';
import { manifestFiles, manifestFor } from '../../specs/manifests.ts';
import { ensureNamespace } from '../core/namespaces.ts';
import { NotRun } from '../core/not-run.ts';
import { fitted, inServedVersion } from './profile-fit.ts';
import { namespaceOf, rewrite } from '../../manifests/rewrite.ts';
import { setupFailed } from '../core/verdict.ts';

/** Applies `wanted`, in the form that the cluster's CRDs take. */
export async function applyFile(
  core: ScenarioCore,
  wanted = manifestFiles(core.meta)[0] ?? '',
): Promise<KubeObject[]> {
  const files = manifestFiles(core.meta);
  if (!files.includes(wanted)) {
    throw setupFailed(`a manifest named in the scenario's meta`, `apply('${wanted}')`);
  }
  const file = manifestFor(files, wanted, core.env.crdRelease);
  const text = await readFile(join(core.dir, file), 'utf8');
  let documents: ManifestDocument[];
  try {
    documents = parseManifest(text, file);
  } catch (error) {
    if (error instanceof ManifestError)
      throw setupFailed(`${error.place}: a Kubernetes object`, error.message);
    throw error;
  }
  return applyDocuments(core, documents);
}

export function applyObjects(core: ScenarioCore, objects: KubeObject[]): Promise<KubeObject[]> {
  return applyDocuments(core, documentsOf(objects));
}

/** The same for objects that are known to be new. */
export function createObjects(core: ScenarioCore, objects: KubeObject[]): Promise<KubeObject[]> {
  return applyDocuments(core, documentsOf(objects), 'create');
}

function documentsOf(objects: KubeObject[]): ManifestDocument[] {
  return objects.map((object) => ({ object, place: describeObject(object) }));
}

/** In the order written, one after the other, as kubectl does it: the order shows in creationTimestamp. */
async function applyDocuments(
  core: ScenarioCore,
  documents: ManifestDocument[],
  verb: 'apply' | 'create' = 'apply',
): Promise<KubeObject[]> {
  core.lastLayer = 'apply';
  const results: KubeObject[] = [];
  for (const { object, place } of documents) results.push(await applyOne(core, object, { place, verb }));
  return results;
}

async function applyOne(
  core: ScenarioCore,
  written: KubeObject,
  { place, verb }: { place: string; verb: 'apply' | 'create' },
): Promise<KubeObject> {
  core.signal.throwIfAborted();
  const object = await fitted(core, rewrite(written, core.names));
  const namespace = namespaceOf(object);
  if (namespace !== undefined) await ensureNamespace(core, namespace);
  try {
    const result = await core.env.kube[verb](object);
    core.wrote(result);
    core.applied.set(idOf(object), object);
    core.timeline.add({
      kind: 'apply',
      object: describeObject(object),
      text: appliedText(result),
    });
    return result;
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    core.timeline.add({ kind: 'apply', object: describeObject(object), text: error.message, ok: false });
    await mustBeServed(core, object, error);
    mustFitOlderCrds(core, object, error);
    throw setupFailed(`the API server accepts ${place} (${describeObject(object)})`, error.message);
  }
}

/** @throws NotRun - the kind is of Gateway API, and the cluster's CRDs are of a release without it */
async function mustBeServed(core: ScenarioCore, object: KubeObject, refusal: ApiRefusal): Promise<void> {
  const { kind = '', apiVersion = '' } = object;
  if (refusal.status !== 404 || !isOfGatewayApi(object)) return;
  const served = await core.env.kube.kindsOf(apiVersion);
  if (served.some((each) => each.kind === kind)) return;
  throw new NotRun(`the CRDs of the cluster do not serve ${kind} of ${apiVersion}`, 'crds');
}

/**
 * A webhook's or a policy's refusal is the implementation's doing, and stays a failure.
 *
 * @throws NotRun - the object is of Gateway API, and the cluster's CRDs are of a release that may well refuse it
 */
function mustFitOlderCrds(core: ScenarioCore, object: KubeObject, refusal: ApiRefusal): void {
  const { olderCrds } = core.env.rules;
  if (olderCrds === undefined || !isOfGatewayApi(object) || !isOfSchema(refusal)) return;
  const { message } = refusal;
  throw new NotRun(
    `the CRDs of the cluster (${olderCrds}) refuse ${describeObject(object)}: ${message}`,
    'crds',
  );
}

/** Whether the schema said so: a value that it does not allow, or a field that it does not have. */
function isOfSchema({ status, message }: ApiRefusal): boolean {
  if (/webhook|denied request|denied the request/.test(message)) return false;
  return status === 422 || /field not declared in schema|unknown field/.test(message);
}

const isOfGatewayApi = ({ apiVersion = '' }: KubeObject): boolean =>
  apiVersion.startsWith('gateway.networking.');

/** Kinds without a spec, a Secret for example, have no generation. */
function appliedText({ metadata }: KubeObject): string {
  return metadata?.generation === undefined
    ? 'applied'
    : `applied, generation ${String(metadata.generation)}`;
}

export async function updateObject<T extends KubeObject>(
  core: ScenarioCore,
  ref: Ref,
  edit: (object: T) => void,
): Promise<T> {
  core.lastLayer = 'apply';
  for (;;) {
    core.signal.throwIfAborted();
    const object = await getObject<T>(core, ref);
    edit(object);
    const edited = await fitted(core, rewrite(object, core.names));
    try {
      const result: T = await core.env.kube.replace(edited);
      core.wrote(result);
      core.applied.set(idOf(edited), asWritten(edited));
      const generation = String(result.metadata?.generation ?? '-');
      core.timeline.add({
        kind: 'apply',
        object: describeObject(edited),
        text: `updated, generation ${generation}`,
      });
      return result;
    } catch (error) {
      // A controller wrote its status in between: read again.
      if (isConflict(error)) continue;
      if (!(error instanceof ApiRefusal)) throw error;
      mustFitOlderCrds(core, edited, error);
      throw setupFailed(`the API server accepts the update of ${describeObject(edited)}`, error.message);
    }
  }
}

export async function getObject<T extends KubeObject>(core: ScenarioCore, ref: Ref): Promise<T> {
  const info = await core.env.kube.kindInfo(ref.kind, ref.apiVersion);
  const { namespace, name } = realRef(core, ref, info.namespaced);
  return core.env.kube.get<T>(info, namespace, name);
}

/** The API server's refusal of `object` in a dry run; undefined when it accepts it. */
export async function rejectionOf(core: ScenarioCore, written: KubeObject): Promise<string | undefined> {
  core.lastLayer = 'apply';
  const object = await inServedVersion(core, rewrite(written, core.names));
  const namespace = namespaceOf(object);
  if (namespace !== undefined) await ensureNamespace(core, namespace);
  return dryRun(core, describeObject(object), () => core.env.kube.apply(object, { dryRun: true }));
}

/** The same for a status that is merged into that of a stored object. */
export async function statusRejectionOf(
  core: ScenarioCore,
  ref: Ref,
  status: object,
): Promise<string | undefined> {
  core.lastLayer = 'apply';
  const info = await core.env.kube.kindInfo(ref.kind, ref.apiVersion);
  const place = realRef(core, ref, info.namespaced);
  return dryRun(core, `status of ${ref.kind} ${ref.name}`, () =>
    core.env.kube.mergeStatus(info, place, status, { dryRun: true }),
  );
}

async function dryRun(
  core: ScenarioCore,
  object: string,
  send: () => Promise<unknown>,
): Promise<string | undefined> {
  let refusal: string | undefined;
  try {
    await send();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    refusal = error.message;
  }
  const text = refusal === undefined ? 'accepted in a dry run' : `refused in a dry run: ${refusal}`;
  core.timeline.add({ kind: 'apply', object, text });
  return refusal;
}

/** Real namespace and name of a reference as scenarios write it. */
export function realRef(
  core: ScenarioCore,
  ref: Ref,
  namespaced: boolean,
): { namespace: string | undefined; name: string } {
  if (namespaced) return { namespace: core.names.namespace(ref.namespace), name: ref.name };
  if (ref.kind === 'GatewayClass') return { namespace: undefined, name: core.names.className(ref.name) };
  if (ref.kind === 'Namespace') return { namespace: undefined, name: core.names.namespace(ref.name) };
  return { namespace: undefined, name: ref.name };
}

/** What a user would write: without what the server adds. */
function asWritten(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata ?? {};
  const metadata = Object.fromEntries(
    Object.entries({ name, namespace, labels, annotations }).filter(([, value]) => value !== undefined),
  );
  const rest = { ...object };
  delete rest.status;
  return { ...rest, metadata };
}
