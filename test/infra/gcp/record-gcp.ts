import * as pulumi from '@pulumi/pulumi';
import { GCP_ANSWERS } from '../../support/cloud-answers/gcp.ts';
import { recordProgram, type Registration } from '../../support/pulumi-mocks.ts';

/** What a component registered, and its outputs as plain values. */
export interface RecordedOutputs {
  readonly registrations: readonly Registration[];
  readonly outputs: unknown;
}

/** Runs a program of one component against the stand-in Google Cloud. @param program Gives the outputs to look at. */
export async function recordGcp(program: () => object): Promise<RecordedOutputs> {
  const { registrations, result } = await recordProgram(
    // Pulumi keeps the promise out of its types, for programs must not wait; a test has to.
    () => (pulumi.output(program()) as unknown as { promise(): Promise<unknown> }).promise(),
    { answers: GCP_ANSWERS },
  );
  return { registrations, outputs: result };
}

/** Resources in the order of their names; in which order they arrive is nobody's business. */
export function byName(registrations: readonly Registration[]): readonly Registration[] {
  return registrations.toSorted((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}
