import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../api-client.ts';
import type { Cgroup } from '../cgroup.ts';
import type { Pod } from '../kubernetes-objects.ts';
import type { Container } from './container-root.ts';
import type { KubeletOptions } from './kubelet.ts';
import { limitsOf, podContainer } from './pod-container.ts';
import { writeStatus } from './pod-status.ts';
import { startContainer, type ProcessFacts, type Running } from './sandbox.ts';

/** A pod that is over. */
export interface Ended {
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** What the container wrote. */
  readonly log: string;
  /** The most memory that it had, in bytes; undefined where it could not be held to its limits. */
  readonly peakBytes: number | undefined;
}

/** One pod from its folders to its end. It never restarts (restartPolicy Never). */
export class PodRun {
  readonly pod: Pod;
  /** Resolves once its end was told. */
  readonly over: Promise<Ended>;
  readonly #options: KubeletOptions;
  #running: Running | undefined;
  #terminating: string | undefined;

  constructor(pod: Pod, options: KubeletOptions) {
    this.pod = pod;
    this.#options = options;
    this.over = this.#run().finally(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  get #folder(): string {
    return join(this.#options.folder, String(this.pod.metadata.uid));
  }

  get isTerminating(): boolean {
    return this.#terminating !== undefined;
  }

  /** What the kernel says of the container's process. @throws an error where it does not run. */
  process(): ProcessFacts {
    if (this.#running === undefined) throw new Error(`${this.pod.metadata.name} does not run`);
    return this.#running.process();
  }

  /** Sends a signal to the container, as a node that is short of memory would, or an operator. */
  kill(signal: NodeJS.Signals): void {
    this.#running?.kill(signal);
  }

  /** The pod is being deleted: SIGTERM, and SIGKILL once its time is over. */
  terminate({ metadata }: Pod): void {
    if (this.#terminating !== undefined || this.#running === undefined) return;
    this.#terminating = String(metadata.deletionTimestamp);
    this.kill('SIGTERM');
    const grace = Number(metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    void Promise.race([sleep(grace, undefined, { ref: false }), this.#running.ended]).then(() =>
      this.kill('SIGKILL'),
    );
  }

  async #run(): Promise<Ended> {
    mkdirSync(this.#folder, { recursive: true });
    const container = await podContainer(this.pod, this.#options, this.#folder);
    const cgroup = limitsOf(this.pod);
    try {
      return await this.#contained(container, cgroup);
    } finally {
      cgroup?.remove();
    }
  }

  async #contained(container: Omit<Container, 'cgroupFiles'>, cgroup: Cgroup | undefined): Promise<Ended> {
    const { plane } = this.#options;
    const { name, labels } = this.pod.metadata;
    const since = new Date();
    const running = startContainer({ ...container, cgroupFiles: cgroup?.procs ?? [] });
    this.#running = running;
    await this.#tell(() => writeStatus(plane, this.pod, { kind: 'running', since }));
    const exitCode = await running.ended;
    const oom = (cgroup?.oomKills() ?? 0) > 0;
    const reason = exitCode === 0 ? 'Completed' : oom ? 'OOMKilled' : 'Error';
    const log = readFileSync(running.log, 'utf8');
    await this.#tell(() => writeStatus(plane, this.pod, { kind: 'terminated', since, exitCode, reason }));
    if (this.#terminating !== undefined) await this.#tell(() => this.#remove());
    return { pod: name, labels: labels as Ended['labels'], exitCode, log, peakBytes: cgroup?.peakBytes() };
  }

  /** A pod may go away while it runs: then there is nobody to tell. */
  async #tell(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }

  /** The last word of a kubelet: the pod's containers are gone, and so is the pod. */
  #remove(): Promise<unknown> {
    const { namespace, name, uid } = this.pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    return this.#options.plane.request('DELETE', path, {
      ...{ apiVersion: 'v1', kind: 'DeleteOptions' },
      ...{ gracePeriodSeconds: 0, preconditions: { uid } },
    });
  }
}
