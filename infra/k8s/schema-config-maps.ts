import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { schemaChunks } from './schema-chunks.ts';
import { filesOf, type SchemaGeneration } from './schema-generations.ts';

export interface SchemaConfigMapsArgs {
  readonly namespace: pulumi.Input<string>;
  /** Newest first, as `nextGenerations` gives them. */
  readonly generations: readonly SchemaGeneration[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The schema files in the cluster: immutable ConfigMaps named by their content, so that a change of schemas changes every CronJob in
 * the same `up`, and a pod never sees a mixture of two states.
 */
export class SchemaConfigMaps extends pulumi.ComponentResource {
  /** Names of the ConfigMaps that together hold the newest generation; what a CronJob mounts. */
  readonly current: readonly pulumi.Output<string>[];

  constructor(name: string, args: SchemaConfigMapsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:k8s:SchemaConfigMaps', name, {}, opts);
    const made = new Map<string, pulumi.Output<string>>();
    const byGeneration = args.generations.map((generation) =>
      schemaChunks(filesOf(generation) ?? {}).map(({ name: configMap, files }) => {
        const there = made.get(configMap) ?? this.configMap(name, configMap, files, args);
        made.set(configMap, there);
        return there;
      }),
    );
    this.current = byGeneration[0] ?? [];
    this.registerOutputs({ current: this.current });
  }

  private configMap(
    name: string,
    configMap: string,
    files: Readonly<Record<string, string>>,
    { namespace, labels }: SchemaConfigMapsArgs,
  ): pulumi.Output<string> {
    return new k8s.core.v1.ConfigMap(
      // The content's digest is part of the resource's own name: a former state is another resource, which stays as it is.
      `${name}-${configMap.replace('schemas-', '')}`,
      {
        metadata: { name: configMap, namespace, labels: { ...labels } },
        immutable: true,
        data: { ...files },
      },
      { parent: this },
    ).metadata.name;
  }
}
