import * as pulumi from '@pulumi/pulumi';
import type { SchemaGeneration } from '../k8s/schema-generations.ts';
import { Refusal } from '../refusal.ts';
import type { DeployedSchemas } from './deployed.ts';

/** What the last whole `pulumi up` of this stack left for the next: a program does not see its own former inputs. */
export interface LastRun {
  /** Undefined before the first `up`. */
  readonly deployedSchemas: DeployedSchemas | undefined;
  /** Newest first. */
  readonly schemaGenerations: readonly SchemaGeneration[];
}

/** The shape of the outputs that this program reads and writes. */
const FORM = 1;

/**
 * Reads the stack's own outputs.
 * @throws Refusal where a later program wrote them: comparing with half of what it meant could let a break through
 */
export async function lastRun(): Promise<LastRun> {
  const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const reference = new pulumi.StackReference('last-run', { name: self });
  const deployed = await valueOf<DeployedSchemas>(reference, 'deployedSchemas');
  const generations = await valueOf<readonly SchemaGeneration[]>(reference, 'schemaGenerations');
  if (deployed !== undefined && (deployed.form as number) !== FORM) {
    throw new Refusal(
      `Stack ${self}: expected deployed schemas in form ${FORM}, found form ${String(deployed.form)}; ` +
        'a later version of logferry deployed this stack: run that version or a newer one.',
    );
  }
  return { deployedSchemas: deployed, schemaGenerations: generations ?? [] };
}

async function valueOf<T>(reference: pulumi.StackReference, name: string): Promise<T | undefined> {
  const details: { value?: unknown; secretValue?: unknown } = await reference.getOutputDetails(name);
  return (details.value ?? details.secretValue) as T | undefined;
}
