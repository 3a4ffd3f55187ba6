import * as aws from '@pulumi/aws';
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import { ProjectApis, requiredApis } from './gcp/apis.ts';

/** What every resource of the stack carries in both clouds, so that a bill can be split. */
export function labels(config: Config): Record<string, string> {
  return { app: 'logferry', environment: config.environment };
}

/**
 * The clouds' providers, made from `logferry:` settings alone and pinned to the configured accounts: with somebody else's credentials
 * AWS refuses, and Google gets the project's name with each request.
 */
export function cloudProviders(config: Config): {
  readonly aws: pulumi.ComponentResourceOptions;
  readonly gcp: pulumi.ComponentResourceOptions;
} {
  const { region, accountId } = config.aws;
  const { project, staging, enableApis } = config.gcp;
  const google = { project, region: staging.location };
  const apis = enableApis ? projectApis(config, google) : [];
  return {
    aws: { providers: [new aws.Provider('aws', { region, allowedAccountIds: [accountId] })] },
    // Whatever this provider makes waits for it, and it for the services.
    gcp: { providers: [new gcp.Provider('gcp', google, { dependsOn: apis })] },
  };
}

function projectApis({ cluster, gcp: { project } }: Config, google: gcp.ProviderArgs): ProjectApis[] {
  const provider = new gcp.Provider('gcp-apis', google);
  const services = requiredApis(cluster.kind);
  return [new ProjectApis('apis', { project, services }, { providers: [provider] })];
}
