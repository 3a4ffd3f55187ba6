import * as pulumi from '@pulumi/pulumi';

/** Text for a container's `args` or `env`, in which Kubernetes replaces `$(NAME)` and reads `$$` as one `$`: it arrives as it is. */
export function literal(text: string): string;
export function literal(text: pulumi.Input<string>): pulumi.Input<string>;
export function literal(text: pulumi.Input<string>): pulumi.Input<string> {
  return typeof text === 'string'
    ? text.replaceAll('$', '$$$$')
    : pulumi.output(text).apply((known) => literal(known));
}
