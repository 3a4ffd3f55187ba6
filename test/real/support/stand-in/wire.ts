import structs from 'google-protobuf/google/protobuf/struct_pb.js';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb.js';

// How the engine writes properties for a provider (pulumi/pulumi: sdk/go/common/resource/plugin/rpc.go and
// sdk/go/common/resource/properties.go).

export type Properties = Readonly<Record<string, unknown>>;

/** Stands for a value that a preview cannot know yet. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

export const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSecret = (value: unknown): value is { readonly value: unknown } =>
  isObject(value) && value[SIGNATURE] === SECRET && 'value' in value;

/** The values under the secret marks. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (isSecret(value)) return withoutSecrets(value.value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

export const plain = (properties: Properties): Properties => withoutSecrets(properties) as Properties;

/** Marks in `value` what is secret in `marked`; a secret that changed its shape stays one as a whole. */
export function withSecretsOf(marked: unknown, value: unknown): unknown {
  if (isSecret(marked)) return { [SIGNATURE]: SECRET, value };
  if (Array.isArray(marked) && Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => withSecretsOf(marked[index], item));
  }
  if (!isObject(marked) || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withSecretsOf(marked[key], inner)]),
  );
}

/** The same shape with every value unknown: what a preview says of properties that a cloud will compute. */
export function allUnknown(value: unknown): unknown {
  if (!isObject(value)) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, allUnknown(inner)]));
}

/** `over` laid on `under`, object by object; lists are replaced whole. */
export function overlay(under: unknown, over: unknown): unknown {
  if (!isObject(under) || !isObject(over)) return over === undefined ? under : over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(under[key], over[key])]));
}

/**
 * What of `now` a read shows under an input that was `before`: the keys that the program named. So do the real providers with labels
 * that others set and with what a server adds to an object.
 */
export function namedIn(before: unknown, now: unknown): unknown {
  if (isObject(before) && isObject(now))
    return Object.fromEntries(
      Object.keys(before).flatMap((key) => (key in now ? [[key, namedIn(before[key], now[key])]] : [])),
    );
  if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return now;
  const items: readonly unknown[] = now;
  return items.map((item, index) => namedIn(before[index], item));
}

export const fromStruct = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};

/** Undefined values are left out: a Struct knows only JSON's. */
export const toStruct = (properties: Properties): Struct =>
  structs.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(properties)) as Parameters<typeof structs.Struct.fromJavaScript>[0],
  );
