/** A resource as `pulumi stack export` gives it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Whether a provider made it; components are the engine's own. */
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` gives, as far as it is looked at here. */
export interface Checkpoint {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    /** What was under way when the engine was killed; its end is not known. */
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
  };
}

/**
 * Repairs the state that a killed `up` left, so that a refresh finds out what became of each create: every pending create is written
 * down as done, under the id that its cloud gives it. A refresh then reads it, and forgets it where there is no such thing.
 * `idOf` gives undefined for what can be made once more without harm.
 */
export function withPendingCreates(
  checkpoint: Checkpoint,
  idOf: (resource: StateResource) => string | undefined,
): Checkpoint {
  const { resources = [], pending_operations: pending = [] } = checkpoint.deployment;
  const adopted = pending.flatMap(({ type, resource }): StateResource[] => {
    const known = resources.some(({ urn }) => urn === resource.urn);
    if (type !== 'creating' || resource.custom !== true || known) return [];
    const id = resource.id ?? idOf(resource);
    return id === undefined ? [] : [{ ...resource, id }];
  });
  return {
    ...checkpoint,
    deployment: {
      ...checkpoint.deployment,
      resources: [...resources, ...adopted],
      pending_operations: pending.filter(({ type }) => type !== 'creating'),
    },
  };
}
