import type { CloudResource, Reference } from './resource-type.ts';
import type { Properties } from './wire.ts';

/** One thing that was asked of the cloud and done, in the order of doing. Previews are not in here: they touch nothing. */
export interface Action extends Reference {
  readonly kind: 'create' | 'update' | 'delete' | 'read';
  readonly name: string;
  /** Of an update: the inputs that changed. */
  readonly changed?: readonly string[];
}

/** What a test or an emulator adds to an action; an error that it throws is the provider's answer. */
export type Hook = (action: Action, resource: CloudResource) => void | Promise<void>;

/** Does for real, on an emulator or an API server, what the stand-in else only writes down. By resource type. */
export interface Effects {
  readonly create?: (resource: CloudResource) => Promise<Properties | undefined>;
  readonly update?: (resource: CloudResource, before: CloudResource) => Promise<Properties | undefined>;
  readonly delete?: (resource: CloudResource) => Promise<void>;
}
