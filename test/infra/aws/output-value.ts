import type * as pulumi from '@pulumi/pulumi';

/** What an output comes to; it rejects where making it failed. */
export function outputValue<T>(output: pulumi.Output<T>): Promise<T> {
  // Pulumi keeps the promise out of its types, for programs must not wait; a test has to.
  return (output as unknown as { promise(): Promise<T> }).promise();
}
