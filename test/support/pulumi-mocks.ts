import * as pulumi from '@pulumi/pulumi';

/** One registration (or read) as the engine would get it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** `type/name` of the parent; absent for what hangs on the stack itself. */
  readonly parent?: string;
  /** What the provider would be given; a secret is `{ secret: value }`, so that a test sees that it is one. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Only what is set. `dependsOn` holds what was named or flowed in, as `type/name`, sorted; `read` the id of what is only read. */
  readonly options: {
    readonly protect?: true;
    readonly retainOnDelete?: true;
    readonly deleteBeforeReplace?: true;
    readonly ignoreChanges?: readonly string[];
    readonly replaceOnChanges?: readonly string[];
    readonly dependsOn?: readonly string[];
    readonly provider?: string;
    readonly read?: string;
  };
}

/** What a cloud would answer: a resource's computed properties beside its inputs. */
export type Answer = (name: string, inputs: Record<string, unknown>) => Record<string, unknown>;

/** What a program is run in. */
export interface Setting {
  readonly stack?: string;
  /** By full name (`logferry:image`, `aws:region`). */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  /** By type token. A custom resource whose type is not listed is an error, so that nothing comes in unnoticed. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** By function token; a call that is not listed is an error. */
  readonly calls?: Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;
  /** What the stack's last run left as its outputs. */
  readonly stackOutputs?: Readonly<Record<string, unknown>>;
  /** Names of those outputs that the state keeps encrypted. */
  readonly secretOutputs?: readonly string[];
  /** Sees each registration as it arrives: also where the program throws, and nothing is returned. */
  readonly onRegistration?: (registration: Registration) => void;
}

/** Everything that a program registered, in the order of arrival, and what it returned. */
export interface Recorded<T> {
  readonly registrations: readonly Registration[];
  readonly result: T;
}

const PROJECT = 'logferry';
const ORGANIZATION = 'organization';

/** The key under which Pulumi marks a special value on the wire, and the mark of a secret (pulumi/pulumi sdk: rpc.ts). */
const SPECIAL = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

type Structure = { toJavaScript(): Record<string, unknown> } | undefined;

/** The part of both requests, register and read, that is recorded. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getCustom?(): boolean;
  getObject?(): Structure;
  getProperties?(): Structure;
  getId?(): string;
  getProtect?(): boolean;
  getRetainondelete?(): boolean;
  getDeletebeforereplace?(): boolean;
  getIgnorechangesList?(): string[];
  getReplaceonchangesList?(): string[];
}

type Call = (request: Request, callback: (error: unknown, response: unknown) => void) => unknown;

function markSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(markSecrets);
  if (typeof value !== 'object' || value === null) return value;
  if (SPECIAL in value && value[SPECIAL] === SECRET && 'value' in value)
    return { secret: markSecrets(value.value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, markSecrets(inner)]));
}

/** `urn:pulumi:dev::logferry::a$b::name` as `b/name`. */
function shortUrn(urn: string): string {
  const [, , types = '', name = ''] = urn.split('::');
  return `${types.split('$').at(-1) ?? ''}/${name}`;
}

/** `urn::id`, which is how a provider is named on the wire, as the provider's short name. */
function shortProvider(reference: string): string {
  return shortUrn(reference.split('::').slice(0, -1).join('::'));
}

function registrationOf(request: Request): Registration {
  const structure = request.getObject?.() ?? request.getProperties?.();
  const list = (items: string[] | undefined): readonly string[] | undefined =>
    items === undefined || items.length === 0 ? undefined : items;
  const options = {
    protect: request.getProtect?.() === true ? true : undefined,
    retainOnDelete: request.getRetainondelete?.() === true ? true : undefined,
    deleteBeforeReplace: request.getDeletebeforereplace?.() === true ? true : undefined,
    ignoreChanges: list(request.getIgnorechangesList?.()),
    replaceOnChanges: list(request.getReplaceonchangesList?.()),
    dependsOn: list([...new Set(request.getDependenciesList().map(shortUrn))].sort()),
    provider: request.getProvider() === '' ? undefined : shortProvider(request.getProvider()),
    read: request.getId?.(),
  };
  return {
    type: request.getType(),
    name: request.getName(),
    ...(request.getParent() === '' ? {} : { parent: shortUrn(request.getParent()) }),
    inputs: markSecrets(structure?.toJavaScript() ?? {}) as Record<string, unknown>,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

/** The resources that Pulumi itself answers for. */
function ownAnswer(type: string, setting: Setting): Answer | undefined {
  if (type === 'pulumi:pulumi:StackReference')
    return () => ({
      outputs: setting.stackOutputs ?? {},
      secretOutputNames: [...(setting.secretOutputs ?? [])],
    });
  return type.startsWith('pulumi:providers:') ? () => ({}) : undefined;
}

/**
 * Runs a program against Pulumi's own runtime with a stand-in engine, and gives what it registered: inputs, parents and options.
 * @throws whatever the program threw, and an error for each resource type or function that the setting does not answer for.
 */
export async function recordProgram<T>(
  program: () => T | Promise<T>,
  setting: Setting = {},
): Promise<Recorded<T>> {
  const registrations: Registration[] = [];
  const unknown: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id, custom }) => {
        const answer = setting.answers?.[type] ?? ownAnswer(type, setting);
        if (answer === undefined && custom === true) unknown.push(`resource ${type} (${name})`);
        const given = inputs as Record<string, unknown>;
        return {
          id: id === undefined || id === '' ? `${name}-id` : id,
          state: { ...given, ...answer?.(name, given) },
        };
      },
      call: ({ token, inputs }) => {
        const answer = setting.calls?.[token];
        if (answer === undefined) unknown.push(`function ${token}`);
        return answer?.(inputs as Record<string, unknown>) ?? {};
      },
    },
    PROJECT,
    setting.stack ?? 'dev',
    false,
    ORGANIZATION,
  );
  pulumi.runtime.setAllConfig({ ...setting.config }, [...(setting.secretKeys ?? [])]);
  record(registrations, setting.onRegistration);
  const result = await completed(program);
  if (unknown.length > 0) throw new Error(`the test's setting answers for no ${unknown.join(', no ')}`);
  return { registrations, result };
}

/** Registrations are on their way until Pulumi's own queue is empty, also where the program has thrown by then. */
async function completed<T>(program: () => T | Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await program();
  } catch (error) {
    // What fails on its way now is a consequence, not the reason.
    await pulumi.runtime.disconnect().catch(() => undefined);
    throw error;
  }
  await pulumi.runtime.disconnect();
  return result;
}

/** Pulumi's mocks are told neither parents nor options: the requests are read before they reach them. */
function record(registrations: Registration[], seen: Setting['onRegistration']): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Record<'registerResource' | 'readResource', Call>;
  for (const method of ['registerResource', 'readResource'] as const) {
    const original = monitor[method].bind(monitor);
    monitor[method] = (request, callback) => {
      const registration = registrationOf(request);
      registrations.push(registration);
      seen?.(registration);
      return original(request, callback);
    };
  }
}

/** The one registration of a type (and name); an error says what there is instead. */
export function only(registrations: readonly Registration[], type: string, name?: string): Registration {
  const found = registrations.filter(
    (each) => each.type === type && (name === undefined || each.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const there = registrations.map((each) => `${each.type}/${each.name}`).join('\n');
    throw new Error(
      `expected one ${type}${name === undefined ? '' : `/${name}`}, found ${found.length} in\n${there}`,
    );
  }
  return first;
}
