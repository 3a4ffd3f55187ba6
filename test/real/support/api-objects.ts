import type { ApiClient, KubernetesObject } from './api-client.ts';

/** One entry of the server's discovery: `name` is the plural in paths, with a slash where it is a subresource. */
interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

type Request = ApiClient['request'];

/** `v1` is in `/api`, every named group such as `batch/v1` in `/apis`. */
const root = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** Gives an object's path, from what the server says that it serves. */
export function objectPaths(request: Request): (object: KubernetesObject) => Promise<string> {
  const known = new Map<string, readonly ApiResource[]>();
  return async ({ apiVersion, kind, metadata }) => {
    const resources =
      known.get(apiVersion) ??
      ((await request('GET', root(apiVersion))) as { resources: ApiResource[] }).resources;
    known.set(apiVersion, resources);
    const found = resources.find((each) => each.kind === kind && !each.name.includes('/'));
    if (found === undefined)
      throw new Error(`${kind} ${metadata.name}: the server knows no kind ${kind} in ${apiVersion}`);
    const folder = found.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root(apiVersion)}${folder}/${found.name}/${metadata.name}`;
  };
}

/** Server-side apply as Pulumi and kubectl do it, with unknown and doubled fields refused. `dryRun` checks all and keeps nothing. */
export type Apply = (object: KubernetesObject, options?: { dryRun?: boolean }) => Promise<KubernetesObject>;

/** Makes `apply` for a server. The object that it returns has the server's defaults. */
export function applier(request: Request, pathOf: (object: KubernetesObject) => Promise<string>): Apply {
  return async (object, { dryRun = false } = {}) => {
    const query = new URLSearchParams({ fieldManager: 'logferry', fieldValidation: 'Strict' });
    if (dryRun) query.set('dryRun', 'All');
    const path = `${await pathOf(object)}?${query.toString()}`;
    // JSON is YAML, and the only form of it that needs no further package.
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    return (await request('PATCH', path, object, headers)) as KubernetesObject;
  };
}

/** A token of a service account as a pod's projected volume gets it (TokenRequest API). */
export async function mintToken(
  request: Request,
  namespace: string,
  serviceAccount: string,
  audiences: readonly string[],
): Promise<string> {
  const { status } = (await request(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences } },
  )) as { status: { token: string } };
  return status.token;
}
