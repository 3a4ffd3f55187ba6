import * as grpc from '@grpc/grpc-js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import plugins from '@pulumi/pulumi/proto/plugin_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import type * as proto from '@pulumi/pulumi/proto/provider_pb.js';
import type { Cloud } from './cloud.ts';
import { diff } from './diff.ts';
import type { ResourceType } from './resource-type.ts';
import {
  allUnknown,
  fromStruct,
  namedIn,
  overlay,
  plain,
  toStruct,
  withSecretsOf,
  type Properties,
} from './wire.ts';

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;

/** One answer, or one error as a provider gives it: its text is all that the person sees. */
function answer<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call: Call<Request>, callback) => {
    void (async (): Promise<void> => {
      try {
        callback(null, await work(call.request));
      } catch (error) {
        callback({
          code: grpc.status.UNKNOWN,
          details: error instanceof Error ? error.message : String(error),
        });
      }
    })();
  };
}

/** The provider service of one package, on the stand-in's cloud. Secrets are kept as secrets; previews touch nothing. */
export function providerService(cloud: Cloud, version: string): grpc.UntypedServiceImplementation {
  const unit = (): InstanceType<typeof empties.Empty> => new empties.Empty();
  return {
    handshake: answer(() => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: answer(unit),
    cancel: answer(unit),
    getPluginInfo: answer(() => {
      const info = new plugins.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: answer(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema('{}');
      return response;
    }),
    configure: answer(() => {
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    checkConfig: answer(check),
    diffConfig: answer((request: proto.DiffRequest) => diff(request, PROVIDER)),
    check: answer((request: proto.CheckRequest) => {
      cloud.typeOf(request.getType());
      return check(request);
    }),
    diff: answer((request: proto.DiffRequest) => diff(request, cloud.typeOf(request.getType()))),
    ...writing(cloud),
    read: answer((request: proto.ReadRequest) => read(cloud, request)),
    invoke: answer((request: proto.InvokeRequest) => {
      throw new Error(`the stand-in provider answers for no function ${request.getTok()}`);
    }),
  };
}

/** A provider itself is changed in place: what it made keeps its own inputs. */
const PROVIDER: ResourceType = { id: () => '', replaces: [] };

function check(request: proto.CheckRequest): proto.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function writing(cloud: Cloud): grpc.UntypedServiceImplementation {
  return {
    create: answer(async (request: proto.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        const computed = cloud.typeOf(request.getType()).computed?.(request.getName(), plain(inputs)) ?? {};
        response.setProperties(toStruct(overlay(allUnknown(computed), inputs) as Properties));
        return response;
      }
      const made = await cloud.create(request.getType(), request.getName(), plain(inputs));
      response.setId(made.id);
      response.setProperties(toStruct(withSecretsOf(inputs, made.state) as Properties));
      return response;
    }),
    update: answer(async (request: proto.UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const response = new messages.UpdateResponse();
      if (request.getPreview()) {
        response.setProperties(toStruct({ ...fromStruct(request.getOlds()), ...inputs }));
        return response;
      }
      const made = await cloud.update(request.getType(), request.getId(), request.getName(), plain(inputs));
      response.setProperties(toStruct(withSecretsOf(inputs, made.state) as Properties));
      return response;
    }),
    delete: answer(async (request: proto.DeleteRequest) => {
      await cloud.delete(request.getType(), request.getId(), request.getName());
      return new empties.Empty();
    }),
  };
}

/** What a refresh, an import or a `get` is told; no id = it is gone. */
function read(cloud: Cloud, request: proto.ReadRequest): proto.ReadResponse {
  const response = new messages.ReadResponse();
  const found = cloud.read(request.getType(), request.getId(), request.getName());
  if (found === undefined) return response;
  const before = fromStruct(request.getInputs());
  // Without inputs this is an import or a `get`: all that the cloud was told is read.
  const known = Object.keys(before).length === 0 ? found.inputs : before;
  response.setId(found.id);
  response.setProperties(toStruct(withSecretsOf(before, found.state) as Properties));
  response.setInputs(toStruct(withSecretsOf(before, namedIn(plain(known), found.state)) as Properties));
  return response;
}
