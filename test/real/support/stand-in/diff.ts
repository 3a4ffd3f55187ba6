import messages from '@pulumi/pulumi/proto/provider_pb.js';
import type { DiffRequest, DiffResponse } from '@pulumi/pulumi/proto/provider_pb.js';
import { changesBetween, touches, type Change } from './changes.ts';
import type { ResourceType } from './resource-type.ts';
import { fromStruct, plain } from './wire.ts';

const KINDS = {
  add: messages.PropertyDiff.Kind.ADD,
  delete: messages.PropertyDiff.Kind.DELETE,
  update: messages.PropertyDiff.Kind.UPDATE,
} as const;
const REPLACING_KINDS = {
  add: messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE_REPLACE,
} as const;

/** What changed between the inputs of the last run and now, and what of it makes another resource. */
export function diff(request: DiffRequest, rules: ResourceType): DiffResponse {
  const before = plain(fromStruct(request.getOldInputs()));
  const after = plain(fromStruct(request.getNews()));
  const changes = changesBetween(before, after);
  const replacing = [...(rules.replaces ?? []), ...(rules.replacesFor?.(before, after) ?? [])];
  const replaces = ({ path }: Change): boolean => replacing.some((rule) => touches(path, rule));
  const response = new messages.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new messages.PropertyDiff();
    detail.setKind((replaces(change) ? REPLACING_KINDS : KINDS)[change.kind]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
    response.addDiffs(change.path);
    if (replaces(change)) response.addReplaces(change.path);
  }
  // Two resources cannot hold one name, and the real providers know that.
  response.setDeletebeforereplace(changes.some(replaces) && rules.id(before) === rules.id(after));
  return response;
}
