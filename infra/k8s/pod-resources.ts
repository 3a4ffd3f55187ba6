import type { types } from '@pulumi/kubernetes';
import { bytesQuantity, cpuQuantity } from './quantity.ts';

/** What one pod of a workload may use. */
export interface PodResources {
  /** Thousandths of a core that the scheduler sets aside. */
  readonly cpuRequestMillis: number;
  /** Thousandths of a core beyond which it is slowed down. */
  readonly cpuLimitMillis: number;
  /** Bytes, asked for and allowed alike: a pod that may use more than it asked for is the first to be killed on a full node. */
  readonly memoryBytes: number;
  /** Bytes of local disk for unfinished work. */
  readonly scratchBytes: number;
}

/** Bytes of local disk beside the scratch folder: the kubelet keeps five logs of 10 MiB a container (its defaults), and some room. */
export const LOG_BYTES = 128 * 2 ** 20;

type Amounts = Readonly<Record<'cpu' | 'memory' | 'ephemeral-storage', string>>;

/** What `pods` pods ask for and may use at most, as Kubernetes spells it. */
export function amounts(
  resources: PodResources,
  pods = 1,
): { readonly requests: Amounts; readonly limits: Amounts } {
  const { cpuRequestMillis, cpuLimitMillis, memoryBytes, scratchBytes } = resources;
  const shared = {
    memory: bytesQuantity(memoryBytes * pods),
    // Asked for in full: on a node without that much free disk the pod would be evicted half-way.
    'ephemeral-storage': bytesQuantity((scratchBytes + LOG_BYTES) * pods),
  };
  return {
    requests: { cpu: cpuQuantity(cpuRequestMillis * pods), ...shared },
    limits: { cpu: cpuQuantity(cpuLimitMillis * pods), ...shared },
  };
}

/** The hard limits of a namespace in which at most `pods` pods run at once. */
export function quotaAmounts(resources: PodResources, pods: number): Record<string, string> {
  const { requests, limits } = amounts(resources, pods);
  const named = (kind: string, list: Amounts): [string, string][] =>
    Object.entries(list).map(([resource, amount]) => [`${kind}.${resource}`, amount]);
  return Object.fromEntries([...named('requests', requests), ...named('limits', limits)]);
}

const MIB = 2 ** 20;

/**
 * How much of the pod V8 may take for objects: three eighths, 48 MiB of 128. The rest is Node itself, buffers and codecs, which live
 * outside of V8's heap; left alone, V8 sizes its heap by the node's memory and learns of the pod's limit by being killed. The young
 * generation stays at 1 MiB a half: rows die at once, and the default of 16 MiB only stays resident.
 */
const OLD_SPACE_SHARE = 3 / 8;

/** Node's flags for a pod of this size, as `NODE_OPTIONS` takes them. */
export function nodeOptions({ memoryBytes }: PodResources): string {
  const oldSpace = Math.floor((memoryBytes * OLD_SPACE_SHARE) / MIB);
  return `--max-semi-space-size=1 --max-old-space-size=${oldSpace}`;
}

/** The container's part of a pod that has these resources. */
export function containerResources(resources: PodResources): types.input.core.v1.ResourceRequirements {
  const { requests, limits } = amounts(resources);
  return { requests: { ...requests }, limits: { ...limits } };
}
