import * as grpc from '@grpc/grpc-js';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import aws from '@pulumi/aws/package.json' with { type: 'json' };
import gcp from '@pulumi/gcp/package.json' with { type: 'json' };
import kubernetes from '@pulumi/kubernetes/package.json' with { type: 'json' };
import type { Effects } from './stand-in/action.ts';
import { AWS_TYPES } from './stand-in/aws-types.ts';
import { Cloud } from './stand-in/cloud.ts';
import { GCP_TYPES } from './stand-in/gcp-types.ts';
import { KUBERNETES_TYPES } from './stand-in/kubernetes-types.ts';
import { providerService } from './stand-in/service.ts';

/** The packages whose provider is stood in for, with the version that the program was written for. */
const PACKAGES = { aws: aws.version, gcp: gcp.version, kubernetes: kubernetes.version };

/** Stands in for the providers of AWS, Google Cloud and Kubernetes before a real engine. */
export interface StandIn {
  readonly cloud: Cloud;
  /** For the environment variable PULUMI_DEBUG_PROVIDERS: `aws:PORT,gcp:PORT,kubernetes:PORT`. */
  readonly debugProviders: string;
  readonly stop: () => void;
}

async function serve(service: grpc.UntypedServiceImplementation): Promise<[grpc.Server, number]> {
  const server = new grpc.Server({
    // Schemas of many types make long lists; the engine itself sets this limit (400 MiB) on its side.
    'grpc.max_receive_message_length': 400 * 2 ** 20,
  });
  server.addService(ResourceProviderService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return [server, port];
}

/**
 * Starts one server a package over one cloud, which is empty. `effects` do for real what else is only written down: a bucket in an
 * emulator, an object on an API server; what they return is added to the resource's state.
 */
export async function startStandIn(effects: Readonly<Record<string, Effects>> = {}): Promise<StandIn> {
  const cloud = new Cloud({ ...AWS_TYPES, ...GCP_TYPES, ...KUBERNETES_TYPES }, effects);
  const servers: grpc.Server[] = [];
  const ports: string[] = [];
  for (const [name, version] of Object.entries(PACKAGES)) {
    const [server, port] = await serve(providerService(cloud, version));
    servers.push(server);
    ports.push(`${name}:${port}`);
  }
  return {
    cloud,
    debugProviders: ports.join(','),
    stop: () => {
      for (const server of servers) server.forceShutdown();
    },
  };
}
