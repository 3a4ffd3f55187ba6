import * as grpc from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import type * as proto from '@pulumi/pulumi/proto/provider_pb.js';
import { fromStruct, toStruct, type Properties } from './stand-in/wire.ts';

/** The calls of an engine, by hand. Errors are gRPC's, whose `details` are the provider's words. */
export interface ProviderCalls {
  readonly check: (type: string, inputs: Properties) => Promise<void>;
  readonly create: (
    type: string,
    name: string,
    inputs: Properties,
    options?: { readonly preview: boolean },
  ) => Promise<{ id: string; properties: Properties }>;
  readonly update: (
    type: string,
    id: string,
    name: string,
    before: Properties,
    inputs: Properties,
  ) => Promise<void>;
  readonly delete: (type: string, id: string) => Promise<void>;
  readonly read: (
    type: string,
    id: string,
    inputs: Properties,
  ) => Promise<{ id: string; inputs: Properties; properties: Properties }>;
  readonly diff: (type: string, before: Properties, after: Properties) => Promise<Differences>;
  readonly invoke: (token: string) => Promise<void>;
  readonly close: () => void;
}

export interface Differences {
  readonly changes: number;
  readonly diffs: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

type Done<Response> = (error: grpc.ServiceError | null, response: Response) => void;

const answerOf = <Response>(call: (done: Done<Response>) => unknown): Promise<Response> =>
  new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });

/** A client of the first package's server of PULUMI_DEBUG_PROVIDERS: all of them answer for one cloud. */
export function providerClient(debugProviders: string): ProviderCalls {
  const port = /:(\d+)/.exec(debugProviders)?.[1] ?? '';
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return { ...changing(client), ...looking(client), close: () => client.close() };
}

function changing(
  client: ResourceProviderClient,
): Pick<ProviderCalls, 'check' | 'create' | 'update' | 'delete'> {
  return {
    check: async (type, inputs) => {
      const request = new messages.CheckRequest();
      request.setType(type);
      request.setNews(toStruct(inputs));
      await answerOf((done) => client.check(request, done));
    },
    create: async (type, name, inputs, { preview } = { preview: false }) => {
      const request = new messages.CreateRequest();
      request.setType(type);
      request.setName(name);
      request.setProperties(toStruct(inputs));
      request.setPreview(preview);
      const response = await answerOf<proto.CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), properties: fromStruct(response.getProperties()) };
    },
    update: async (type, id, name, before, inputs) => {
      const request = new messages.UpdateRequest();
      request.setType(type);
      request.setId(id);
      request.setName(name);
      request.setOldInputs(toStruct(before));
      request.setNews(toStruct(inputs));
      await answerOf((done) => client.update(request, done));
    },
    delete: async (type, id) => {
      const request = new messages.DeleteRequest();
      request.setType(type);
      request.setId(id);
      await answerOf((done) => client.delete(request, done));
    },
  };
}

function looking(client: ResourceProviderClient): Pick<ProviderCalls, 'read' | 'diff' | 'invoke'> {
  return {
    read: async (type, id, inputs) => {
      const request = new messages.ReadRequest();
      request.setType(type);
      request.setId(id);
      request.setInputs(toStruct(inputs));
      const response = await answerOf<proto.ReadResponse>((done) => client.read(request, done));
      return {
        id: response.getId(),
        inputs: fromStruct(response.getInputs()),
        properties: fromStruct(response.getProperties()),
      };
    },
    diff: async (type, before, after) => {
      const request = new messages.DiffRequest();
      request.setType(type);
      request.setOldInputs(toStruct(before));
      request.setNews(toStruct(after));
      const response = await answerOf<proto.DiffResponse>((done) => client.diff(request, done));
      return {
        changes: response.getChanges(),
        diffs: response.getDiffsList(),
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    invoke: async (token) => {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      await answerOf((done) => client.invoke(request, done));
    },
  };
}
