import type { JsonWebKey } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiClient, type ApiClient } from './api-client.ts';
import { applier, mintToken, objectPaths, type Apply } from './api-objects.ts';
import { startChild, tail, type Child } from './child.ts';
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  type ControlPlaneLayout,
} from './control-plane-flags.ts';
import { ISSUER, layoutOf, writeIdentities, writeKubeconfig } from './control-plane-files.ts';
import { freePorts } from './ports.ts';
import { etcd, tool } from './toolchain.ts';
import { waitFor } from './wait.ts';

/** Seconds until a program is ready: an API server alone needs about five, on a machine that does other things far more. */
const READY_SECONDS = 120;
/** A free port may be taken by another program before the server binds it; three in a row are no accident. */
const TRIES = 3;

/** A running API server with its controllers. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** Bearer token of a user in `system:masters`. */
  readonly adminToken: string;
  /** The authority that signed the server's certificate: its PEM, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** For kubectl and for Pulumi's Kubernetes provider: the server, its authority, the administrator. */
  readonly kubeconfigFile: string;
  /** The `iss` of every token that the server mints. */
  readonly issuer: string;
  /** The public keys, as the server publishes them at /openid/v1/jwks. */
  readonly jwks: { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
  readonly request: ApiClient['request'];
  readonly warnings: ApiClient['warnings'];
  readonly apply: Apply;
  /** A service account's token for these audiences. */
  readonly mintToken: (
    namespace: string,
    serviceAccount: string,
    audiences: readonly string[],
  ) => Promise<string>;
  /** Kills every program; all data is in the folder that was given. */
  readonly stop: () => Promise<void>;
}

export interface ControlPlaneOptions {
  /** An existing folder, in which each server makes one of its own. */
  readonly tempFolder: string;
  /** The `iss` of its tokens; by default one that names nobody. */
  readonly issuer?: string;
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager below `tempFolder`, and returns once pods can be made.
 * Throws with the end of the log of the program that failed. The programs never outlive this process.
 */
export async function startControlPlane({
  tempFolder,
  issuer = ISSUER,
}: ControlPlaneOptions): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    const children: Child[] = [];
    const stop = async (): Promise<void> => {
      await Promise.all(children.map(({ kill }) => kill()));
    };
    try {
      const folder = mkdtempSync(join(tempFolder, 'control-plane-'));
      return await start({ folder, issuer }, children, stop);
    } catch (error) {
      const portTaken = children.some(
        (child) => child.end() !== undefined && tail(child).includes('address already in use'),
      );
      await stop();
      if (!portTaken || attempt === TRIES) throw error;
    }
  }
}

async function start(
  given: Pick<ControlPlaneLayout, 'folder' | 'issuer'>,
  children: Child[],
  stopChildren: () => Promise<void>,
): Promise<ControlPlane> {
  const programs = {
    etcd: etcd(),
    server: tool('kube-apiserver'),
    controllers: tool('kube-controller-manager'),
  };
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = await freePorts(3);
  const layout = layoutOf({ ...given, etcdPort, etcdPeerPort, apiPort });
  const url = `https://127.0.0.1:${apiPort}`;
  const adminToken = writeIdentities(layout);
  const run = (program: string, flags: readonly string[], env: Record<string, string> = {}): Child => {
    const child = startChild(given.folder, program, flags, env);
    children.push(child);
    return child;
  };
  // etcd 3.4 asks for this word where it is tested less.
  const etcdArch = process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {};
  const store = run(programs.etcd, etcdFlags(layout), etcdArch);
  await ready(store, async () => (await fetch(`http://127.0.0.1:${etcdPort}/health`)).ok || undefined);
  const server = run(programs.server, apiServerFlags(layout));
  const client = await ready(server, () => connect(layout, url, adminToken));
  writeKubeconfig(layout, url, adminToken);
  const manager = run(programs.controllers, controllerManagerFlags(layout));
  // A pod is refused until its service account is there; this also shows that the controllers work.
  await ready(manager, () => client.request('GET', '/api/v1/namespaces/default/serviceaccounts/default'));
  const { request, warnings } = client;
  return {
    url,
    adminToken,
    ca: readFileSync(layout.caFile, 'utf8'),
    caFile: layout.caFile,
    kubeconfigFile: layout.kubeconfigFile,
    issuer: layout.issuer,
    jwks: (await request('GET', '/openid/v1/jwks')) as ControlPlane['jwks'],
    request,
    warnings,
    apply: applier(request, objectPaths(request)),
    mintToken: (namespace, serviceAccount, audiences) =>
      mintToken(request, namespace, serviceAccount, audiences),
    stop: async () => {
      client.close();
      await stopChildren();
    },
  };
}

/** Waits for a program; one that ends, or that is not ready in time, is an error with the end of its log. */
async function ready<T>(child: Child, probe: () => Promise<T | undefined>): Promise<T> {
  const ended = (): void => {
    const how = child.end();
    if (how !== undefined) throw new Error(`it ended with ${how}`);
  };
  try {
    return await waitFor(`${child.name} to be ready`, READY_SECONDS, probe, ended);
  } catch (error) {
    throw new Error(`${child.name} did not start: ${(error as Error).message}\n${tail(child)}`, {
      cause: error,
    });
  }
}

/** A client of a server that says that it is ready. */
async function connect(layout: ControlPlaneLayout, url: string, token: string): Promise<ApiClient> {
  const chain = readFileSync(join(layout.certificateFolder, 'apiserver.crt'), 'utf8');
  const ca = chain.slice(chain.lastIndexOf('-----BEGIN CERTIFICATE-----'));
  const client = apiClient(url, ca, token);
  try {
    await client.request('GET', '/readyz');
  } catch (error) {
    client.close();
    throw error;
  }
  writeFileSync(layout.caFile, ca);
  return client;
}
