import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, Effects, Hook } from './action.ts';
import type { CloudResource, CloudView, Reference, ResourceType, ResourceTypes } from './resource-type.ts';
import { changesBetween } from './changes.ts';
import { isObject, overlay, type Properties } from './wire.ts';

/**
 * How long each write takes, in milliseconds. Long enough that a program which forgot a dependency sends the second write before
 * the first is done, and is refused.
 */
const WRITE_MS = 20;

const keyOf = ({ type, id }: Reference): string => `${type} ${id}`;

/** What the providers of one test made and what was asked of them. */
export class Cloud implements CloudView {
  /** Called before an action is done; a throw leaves the cloud untouched, as a request that never arrived. */
  before: Hook | undefined;
  /** Called once it is done; a throw loses the answer. */
  after: Hook | undefined;
  readonly journal: Action[] = [];
  readonly #types: ResourceTypes;
  readonly #effects: Readonly<Record<string, Effects>>;
  readonly #resources = new Map<string, CloudResource>();
  readonly #filled = new Set<string>();
  readonly #busy = new Set<string>();

  constructor(types: ResourceTypes, effects: Readonly<Record<string, Effects>> = {}) {
    this.#types = types;
    this.#effects = effects;
  }

  get resources(): readonly CloudResource[] {
    return [...this.#resources.values()];
  }

  get(type: string, id: string): CloudResource | undefined {
    return this.#resources.get(keyOf({ type, id }));
  }

  ofType(type: string): readonly CloudResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  isFilled(resource: Reference): boolean {
    return this.#filled.has(keyOf(resource));
  }

  /** Somebody puts things into a resource: objects into a bucket. */
  fill(type: string, id: string): void {
    this.#filled.add(keyOf({ type, id }));
  }

  /** Somebody else made it, before Pulumi or beside it. */
  seed(type: string, inputs: Properties): void {
    const { id, computed } = this.typeOf(type);
    const state = overlay(inputs, computed?.('seed', inputs)) as Properties;
    this.#put({ type, id: id(inputs), name: 'seed', inputs, state });
  }

  /** Somebody changes a resource behind Pulumi's back. */
  drift(type: string, id: string, change: Properties): void {
    const found = this.get(type, id);
    if (found === undefined) throw new Error(`the cloud holds no ${type} ${id}`);
    this.#put({ ...found, state: overlay(found.state, change) as Properties });
  }

  /** @throws an error for a type that the stand-in does not know: a program that uses a new one has to say how its cloud acts. */
  typeOf(type: string): ResourceType {
    const found = this.#types[type];
    if (found === undefined)
      throw new Error(
        `the stand-in provider knows no resource type ${type}: add it under test/real/support/stand-in`,
      );
    return found;
  }

  async create(type: string, name: string, inputs: Properties): Promise<CloudResource> {
    const rules = this.typeOf(type);
    const state = overlay(inputs, rules.computed?.(name, inputs)) as Properties;
    const resource = { type, id: rules.id(inputs), name, inputs, state };
    return this.#write({ kind: 'create', type, id: resource.id, name }, resource, async () => {
      const whole = rules.partOf?.(inputs);
      for (const needed of [...(whole === undefined ? [] : [whole]), ...(rules.needs?.(inputs) ?? [])])
        if (this.get(needed.type, needed.id) === undefined)
          throw new Error(`creating ${name}: ${needed.type} ${needed.id} was not found`);
      const taken = this.get(type, resource.id) === undefined ? undefined : rules.taken?.(resource.id);
      if (taken !== undefined) throw new Error(taken);
      return this.#put(resource, await this.#effects[type]?.create?.(resource));
    });
  }

  async update(type: string, id: string, name: string, inputs: Properties): Promise<CloudResource> {
    const found = this.#existing(type, id);
    const computedBefore = Object.entries(found.state).filter(([key]) => !(key in found.inputs));
    const put = overlay(Object.fromEntries(computedBefore), inputs);
    const state = overlay(put, this.typeOf(type).computed?.(name, inputs)) as Properties;
    const resource = { ...found, name, inputs, state };
    const changed = changesBetween(found.inputs, inputs).map(({ path }) => path);
    return this.#write({ kind: 'update', type, id, name, changed }, resource, async () =>
      this.#put(resource, await this.#effects[type]?.update?.(resource, found)),
    );
  }

  /** What is gone already counts as deleted, as with the real providers. */
  async delete(type: string, id: string, name: string): Promise<void> {
    const found = this.get(type, id);
    if (found === undefined) return;
    await this.#write({ kind: 'delete', type, id, name }, found, async () => {
      const refusal = this.typeOf(type).undeletable?.(found, this);
      if (refusal !== undefined) throw new Error(refusal);
      await this.#effects[type]?.delete?.(found);
      this.#remove(found);
      return found;
    });
  }

  /** And all that is part of it. */
  #remove(resource: CloudResource): void {
    this.#resources.delete(keyOf(resource));
    for (const each of this.resources) {
      const whole = this.typeOf(each.type).partOf?.(each.inputs);
      if (whole !== undefined && keyOf(whole) === keyOf(resource)) this.#remove(each);
    }
  }

  read(type: string, id: string, name: string): CloudResource | undefined {
    this.typeOf(type);
    this.journal.push({ kind: 'read', type, id, name });
    return this.get(type, id);
  }

  #existing(type: string, id: string): CloudResource {
    const found = this.get(type, id);
    if (found === undefined) throw new Error(`${type} ${id} was not found`);
    return found;
  }

  #put(resource: CloudResource, computed?: Properties): CloudResource {
    const stored = isObject(computed)
      ? { ...resource, state: overlay(resource.state, computed) as Properties }
      : resource;
    this.#resources.set(keyOf(stored), stored);
    return stored;
  }

  async #write(
    action: Action,
    resource: CloudResource,
    work: () => Promise<CloudResource>,
  ): Promise<CloudResource> {
    const place = this.typeOf(action.type).exclusive?.(resource.inputs);
    if (place !== undefined && this.#busy.has(place))
      throw new Error(
        `${action.kind} of ${action.name}: OperationAborted: a conflicting operation on ${place} is in progress`,
      );
    if (place !== undefined) this.#busy.add(place);
    try {
      await this.before?.(action, resource);
      await sleep(WRITE_MS);
      const done = await work();
      this.journal.push(action);
      await this.after?.(action, done);
      return done;
    } finally {
      if (place !== undefined) this.#busy.delete(place);
    }
  }
}
