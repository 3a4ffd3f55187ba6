import * as pulumi from '@pulumi/pulumi';

/**
 * Why the program will not run as it is configured. Pulumi prints the message alone, without a stack trace, for the reader has to
 * change a setting or a schema, not the program.
 */
export class Refusal extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
