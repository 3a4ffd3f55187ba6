import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ControlPlane } from '../control-plane.ts';
import { mountedFiles, type Pod } from '../kubernetes-objects.ts';

/** A projected token as a pod's spec has it. */
interface TokenSource {
  readonly serviceAccountToken?: {
    readonly audience: string;
    readonly expirationSeconds: number;
    readonly path: string;
  };
}

/** A volume as far as this kubelet mounts it. */
interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly projected?: { readonly sources: readonly TokenSource[] };
}

/** Makes the folder of each volume of a pod below `folder`, by name. @throws an error for a kind of volume that it does not know. */
export async function makeVolumes(
  plane: ControlPlane,
  pod: Pod,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const volume of pod.spec.volumes as readonly Volume[]) {
    const path = join(folder, volume.name);
    mkdirSync(path, { recursive: true });
    if (volume.projected !== undefined) await project(plane, pod, volume, path);
    else if (volume.emptyDir === undefined)
      throw new Error(
        `volume ${volume.name}: expected emptyDir or projected, found ${JSON.stringify(volume)}`,
      );
    // A world-writable folder whose files belong to the pod's group (kubelet, emptyDir; fsGroup).
    else ownedByGroup(path, pod, 0o2777);
    made.set(volume.name, path);
  }
  return made;
}

/**
 * Files lie as the kubelet's atomic writer leaves them: in a folder with a time in its name, `..data` leads there, and each name in
 * the volume leads through that. Whoever lists the volume sees all three kinds.
 */
async function project(
  plane: ControlPlane,
  pod: Pod,
  { name, projected }: Volume,
  path: string,
): Promise<void> {
  const version = '..2026_11_20_15_00_00.000000001';
  mkdirSync(join(path, version));
  const write = (file: string, content: string, mode: number): void => {
    const place = join(path, version, file);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    ownedByGroup(place, pod, mode);
    const [top = file] = file.split('/');
    symlinkSync(join('..data', top), join(path, top));
  };
  symlinkSync(version, join(path, '..data'));
  const files = await mountedFiles(plane, pod, name);
  for (const [file, content] of Object.entries(files)) write(file, content, 0o644);
  for (const { serviceAccountToken: token } of projected?.sources ?? [])
    // With a group of its own the token is that group's alone (projected.go: 0600, and the group may read).
    if (token !== undefined) write(token.path, await boundToken(plane, pod, token), 0o640);
  ownedByGroup(path, pod, 0o2755);
}

/** A token that is good for as long as the pod is there, by the request that a kubelet makes. */
async function boundToken(
  plane: ControlPlane,
  { metadata, spec }: Pod,
  { audience, expirationSeconds }: NonNullable<TokenSource['serviceAccountToken']>,
): Promise<string> {
  const { status } = (await plane.request(
    'POST',
    `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
      },
    },
  )) as { status: { token: string } };
  return status.token;
}

function ownedByGroup(path: string, { spec }: Pod, mode: number): void {
  chownSync(path, 0, spec.securityContext.fsGroup);
  // After the change of owner, which takes the set-group-id bit away.
  chmodSync(path, mode);
}
