import type { Properties } from './wire.ts';

/** Names one thing of a cloud: its type token and its id there. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** One thing that the stand-in's cloud holds. `state` is what a read answers: the inputs and what the cloud computed. */
export interface CloudResource extends Reference {
  /** The program's name for it. */
  readonly name: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** What a rule may ask the cloud. */
export interface CloudView {
  readonly get: (type: string, id: string) => CloudResource | undefined;
  readonly ofType: (type: string) => readonly CloudResource[];
  /** Whether somebody put things into it that Pulumi does not know: objects in a bucket, rows in a table. */
  readonly isFilled: (resource: Reference) => boolean;
}

/** How the real provider and its cloud treat one resource type, as far as a program can notice. */
export interface ResourceType {
  /** The id that the real provider gives; it decides what collides with what. */
  readonly id: (inputs: Properties) => string;
  /** Properties that the cloud computes beside the inputs. */
  readonly computed?: ((name: string, inputs: Properties) => Properties) | undefined;
  /** Inputs that cannot be changed in place; `labels` covers all below it. */
  readonly replaces?: readonly string[];
  /** Further such inputs, where it is the kind of change that decides. */
  readonly replacesFor?: (before: Properties, after: Properties) => readonly string[];
  /** What must be in the cloud before it: the program's dependencies have to bring it there first. */
  readonly needs?: (inputs: Properties) => readonly Reference[];
  /** What takes this along when it is deleted, as a bucket its settings and a namespace its objects. */
  readonly partOf?: (inputs: Properties) => Reference;
  /** What two operations must not work on at once: the cloud refuses the second. */
  readonly exclusive?: (inputs: Properties) => string;
  /** The cloud's words when the id is taken; without it a create overwrites, as for a policy that is put. */
  readonly taken?: (id: string) => string;
  /** The cloud's words when it does not delete this, else undefined. */
  readonly undeletable?: (resource: CloudResource, cloud: CloudView) => string | undefined;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** An input that is a text; anything else is empty, such as a value that a preview does not know yet. */
export function text(inputs: Properties, key: string): string {
  const value = inputs[key];
  return typeof value === 'string' ? value : '';
}
