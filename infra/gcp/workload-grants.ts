import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Workload } from '../names.ts';
import { GRANTS, ROLES, type Grant, type RolePurpose } from './grants.ts';

export interface WorkloadGrantsArgs {
  readonly project: string;
  /** A custom role's id by purpose; the project's ids are one name space for all environments. */
  readonly roleId: (purpose: RolePurpose) => string;
  /** `serviceAccount:<email>` of each workload. */
  readonly members: Readonly<Record<Workload, pulumi.Input<string>>>;
  /** Buckets by name. */
  readonly staging: pulumi.Input<string>;
  readonly records: pulumi.Input<string>;
  /** Datasets by id. */
  readonly datasets: Readonly<Record<'raw' | 'loadTemp' | 'ops', pulumi.Input<string>>>;
}

/** Makes the roles and grants of grants.ts. Each grant adds one member and leaves what others granted alone. */
export class WorkloadGrants extends pulumi.ComponentResource {
  constructor(name: string, args: WorkloadGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:WorkloadGrants', name, {}, opts);
    const roles = new Map(
      Object.entries(ROLES).map(([purpose, { title, permissions }]) => {
        const inputs = { project: args.project, roleId: args.roleId(purpose as RolePurpose), title };
        const resource = `${name}-role-${kebab(purpose)}`;
        const role = new gcp.projects.IAMCustomRole(
          resource,
          // IAM gives permissions back sorted.
          { ...inputs, permissions: permissions.toSorted(), stage: 'GA' },
          { parent: this },
        );
        return [purpose, role.name];
      }),
    );
    for (const grant of GRANTS) makeGrant(name, args, grant, roles.get(grant.role)!, this);
    this.registerOutputs();
  }
}

function makeGrant(
  name: string,
  args: WorkloadGrantsArgs,
  { workload, role: purpose, on, below }: Grant,
  role: pulumi.Output<string>,
  parent: pulumi.Resource,
): void {
  const resource = `${name}-${workload}-${kebab(on)}-${kebab(purpose)}`;
  const binding = { role, member: args.members[workload] };
  if (on === 'project') {
    new gcp.projects.IAMMember(resource, { project: args.project, ...binding }, { parent });
  } else if (on === 'staging' || on === 'records') {
    const bucket = args[on];
    const condition = below === undefined ? {} : { condition: belowPrefix(bucket, below) };
    new gcp.storage.BucketIAMMember(resource, { bucket, ...binding, ...condition }, { parent });
  } else {
    const dataset = { project: args.project, datasetId: args.datasets[on] };
    new gcp.bigquery.DatasetIamMember(resource, { ...dataset, ...binding }, { parent });
  }
}

/** IAM names an object `projects/_/buckets/<bucket>/objects/<name>`, whatever its project. */
function belowPrefix(
  bucket: pulumi.Input<string>,
  prefix: string,
): gcp.types.input.storage.BucketIAMMemberCondition {
  return {
    title: `below ${prefix}`,
    expression: pulumi.interpolate`resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}")`,
  };
}

/** `loadTemp` as `load-temp`. */
function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
