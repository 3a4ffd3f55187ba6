import { join } from 'node:path';
import { milliCores, quantityBytes } from '../../../../infra/config/quantities.ts';
import { cgroupProblem, makeCgroup, type Cgroup } from '../cgroup.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Pod } from '../kubernetes-objects.ts';
import type { Image } from './image.ts';
import { expanded, podEnvironment } from './pod-env.ts';
import { makeVolumes } from './pod-volumes.ts';
import type { Container } from './container-root.ts';

/** What every pod finds around it. */
export interface Network {
  /** Names and addresses, as /etc/hosts has them: the cluster's DNS. */
  readonly hosts: () => string;
  /** PEM file of the authority behind those names, which a public one is in earnest. */
  readonly caFile: string;
}

/** What a node needs to make containers. */
export interface ContainerOptions {
  readonly plane: ControlPlane;
  /** What each image holds that the node can pull. */
  readonly images: ReadonlyMap<string, Image>;
  readonly network: Network;
}

/** Where the authority's file lies in a container. */
const CA_FILE = '/etc/house/ca.crt';

/**
 * A pod's only container: the image's files and command, the pod's arguments, variables and volumes, and nothing of this machine.
 * @param folder The pod's own. @throws an error for an image that nobody built.
 */
export async function podContainer(
  pod: Pod,
  { plane, images, network }: ContainerOptions,
  folder: string,
): Promise<Omit<Container, 'cgroupFiles'>> {
  const { containers, securityContext } = pod.spec;
  const [container] = containers;
  const image = images.get(container!.image);
  if (image === undefined) throw new Error(`ErrImagePull: ${container!.image}`);
  const env = await environment(pod, plane, image);
  const volumes = await makeVolumes(plane, pod, join(folder, 'volumes'));
  const mounts = (readOnly: boolean): Record<string, string> =>
    Object.fromEntries(
      container!.volumeMounts
        .filter((mount) => ((mount.readOnly as boolean | undefined) ?? false) === readOnly)
        .map(({ mountPath, name }) => [mountPath, volumes.get(name)!]),
    );
  return {
    ...{ folder, hostname: pod.metadata.name, env },
    ...{ user: securityContext.runAsUser, group: securityContext.runAsGroup },
    readOnly: { ...image.files, ...mounts(true), [CA_FILE]: network.caFile },
    writable: mounts(false),
    files: {
      '/etc/hosts': `127.0.0.1 localhost\n${network.hosts()}`,
      // Nothing but /etc/hosts is asked: a name that the house does not know is one that no resolver knows.
      '/etc/nsswitch.conf': 'hosts: files\n',
      '/etc/resolv.conf': '',
    },
    command: [...image.entrypoint, ...container!.args.map((argument) => expanded(argument, env))],
  };
}

/** The pod's own over the image's, and what a runtime adds; NODE_EXTRA_CA_CERTS is the house's, for the cloud's names. */
async function environment(pod: Pod, plane: ControlPlane, image: Image): Promise<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...image.env,
    HOSTNAME: pod.metadata.name,
    HOME: '/',
    NODE_EXTRA_CA_CERTS: CA_FILE,
    ...(await podEnvironment(plane, pod)),
  };
}

/** Where the kernel holds the container to its limits; undefined where this machine makes no such place, which the tests say. */
export function limitsOf(pod: Pod): Cgroup | undefined {
  if (cgroupProblem() !== undefined) return undefined;
  const { limits } = pod.spec.containers[0]!.resources;
  const { memory = '', cpu = '' } = limits as Partial<Record<string, string>>;
  return makeCgroup({ memoryBytes: quantityBytes(memory)!, cpuMillis: milliCores(cpu)! });
}
