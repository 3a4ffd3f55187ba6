import type * as pulumi from '@pulumi/pulumi';

/** For the provider another key means another table, made anew and empty: a table keeps the key that it was made with. */
export function tableOptions(parent: pulumi.Resource, protect: boolean): pulumi.CustomResourceOptions {
  return { parent, protect, ignoreChanges: ['encryptionConfiguration'] };
}
