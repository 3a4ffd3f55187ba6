import * as pulumi from '@pulumi/pulumi';
import type { StackOutputs } from '../../infra/outputs.ts';

/** The outputs of a logferry stack, each with its type; a name that logferry does not give is an error of the compiler. */
export class Logferry {
  readonly #stack: pulumi.StackReference;

  /** @param name In full: `organization/logferry/prod`. */
  constructor(name: string) {
    this.#stack = new pulumi.StackReference('logferry', { name });
  }

  /** Fails the run where the stack has no such output, such as before its first `pulumi up`. */
  output<Name extends keyof StackOutputs>(name: Name): pulumi.Output<StackOutputs[Name]> {
    return this.#stack.requireOutput(name) as pulumi.Output<StackOutputs[Name]>;
  }
}
