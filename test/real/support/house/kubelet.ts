import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../api-client.ts';
import type { Pod } from '../kubernetes-objects.ts';
import type { ContainerOptions } from './pod-container.ts';
import { PodRun, type Ended } from './pod-run.ts';

/** Between two looks at the pods, in milliseconds. */
const PAUSE_MS = 200;

/** The name of the only node. */
const NODE = 'house';

export interface KubeletOptions extends ContainerOptions {
  readonly namespace: string;
  /** Pods have a folder each below it. */
  readonly folder: string;
}

/** A stand-in for scheduler and kubelet: runs the pods of one namespace as processes on this machine, and tells the API server. */
export class Kubelet {
  /** Every pod that ended, in that order. */
  readonly ended: Ended[] = [];
  /** What went wrong here, as against in a pod. */
  readonly faults: string[] = [];
  readonly #options: KubeletOptions;
  readonly #runs = new Map<string, PodRun>();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  /** Registers the node and begins to look at pods. */
  async start(): Promise<void> {
    await this.#options.plane.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } });
    this.#loop = this.#watch();
  }

  /** The pod's run, for tests that disturb it. */
  run(podName: string): PodRun | undefined {
    return [...this.#runs.values()].find(({ pod }) => pod.metadata.name === podName);
  }

  /** Resolves once the pod's container was told to end. */
  async terminating(podName: string): Promise<void> {
    while (this.run(podName)?.isTerminating !== true) await sleep(PAUSE_MS);
  }

  /** Ends every container at once, and waits until none is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    for (const run of this.#runs.values()) run.kill('SIGKILL');
    await Promise.all([...this.#runs.values()].map(({ over }) => over));
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#look();
      } catch (error) {
        this.faults.push(String(error));
      }
      await sleep(PAUSE_MS);
    }
  }

  async #look(): Promise<void> {
    const { plane, namespace } = this.#options;
    const { items } = (await plane.request('GET', `/api/v1/namespaces/${namespace}/pods`)) as {
      items: Pod[];
    };
    for (const pod of items) {
      const uid = String(pod.metadata.uid);
      const run = this.#runs.get(uid);
      if (run !== undefined) {
        if (pod.metadata.deletionTimestamp !== undefined) run.terminate(pod);
      } else if (pod.status.phase === 'Pending') {
        if (!(await this.#bind(pod))) continue;
        this.#start(pod, uid);
      }
    }
  }

  /** What the scheduler does. @returns Whether the pod is this node's; one that is gone meanwhile is nobody's. */
  async #bind({ metadata }: Pod): Promise<boolean> {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/binding`;
    const target = { apiVersion: 'v1', kind: 'Node', name: NODE };
    try {
      await this.#options.plane.request('POST', path, {
        ...{ apiVersion: 'v1', kind: 'Binding' },
        ...{ metadata: { name: metadata.name }, target },
      });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  #start(pod: Pod, uid: string): void {
    const run = new PodRun(pod, this.#options);
    this.#runs.set(uid, run);
    void run.over.then(
      (ended) => this.ended.push(ended),
      (error: unknown) => this.faults.push(`${pod.metadata.name}: ${String(error)}`),
    );
  }
}
