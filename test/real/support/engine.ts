import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readEvents, type EngineEvents } from './engine-events.ts';
import type { Checkpoint } from './checkpoint.ts';
import { killTree } from './kill-tree.ts';

/** A command of the engine that ended with an error: `messages` are its diagnostics, as a person sees them. */
export class EngineError extends Error {
  readonly messages: readonly string[];

  constructor(command: string, messages: readonly string[], output: string) {
    super(`pulumi ${command} failed:\n${messages.length === 0 ? output : messages.join('\n')}`);
    this.name = 'EngineError';
    this.messages = messages;
  }
}

export interface EngineOptions {
  /** Holds Pulumi.yaml; commands run here. */
  readonly projectFolder: string;
  readonly stack: string;
  /** Holds the state, the engine's home and its logs. Stacks that refer to each other share it. */
  readonly stateFolder: string;
  /** Path of the `pulumi` program; its language host lies beside it. */
  readonly program: string;
  /** StandIn.debugProviders. */
  readonly debugProviders: string;
}

/** Secrets in the state are encrypted with it; nothing real is in there. */
const PASSPHRASE = 'correct horse battery staple';

/** One stack of one project, driven as a person drives it: by the `pulumi` command, with the state in a folder. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #env: NodeJS.ProcessEnv;
  #runs = 0;

  private constructor(options: EngineOptions) {
    this.#options = options;
    const backend = join(options.stateFolder, 'state');
    mkdirSync(backend, { recursive: true });
    this.#env = {
      // The language host asks PATH for `node`: that of these tests, which strips types.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: options.stateFolder,
      PULUMI_HOME: join(options.stateFolder, 'home'),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      // Makes the flag --event-log known.
      PULUMI_DEBUG_COMMANDS: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_DEBUG_PROVIDERS: options.debugProviders,
    };
  }

  /** Makes the stack where it is not there yet. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    await engine.run(['stack', 'select', '--create', options.stack]);
    return engine;
  }

  /** By name within the project (`image`) or full (`aws:region`). */
  async setConfig(values: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(values).flatMap(([key, value]) => ['--plaintext', `${key}=${value}`]);
    await this.run(['config', 'set-all', '--stack', this.#options.stack, ...pairs]);
  }

  preview(): Promise<EngineEvents> {
    return this.#operation('preview', []);
  }

  up(): Promise<EngineEvents> {
    return this.#operation('up', ['--yes', '--skip-preview']);
  }

  refresh(args: readonly string[] = []): Promise<EngineEvents> {
    return this.#operation('refresh', ['--yes', '--skip-preview', ...args]);
  }

  /** As people do it: the preview comes first, and where it fails nothing is deleted. */
  destroy(args: readonly string[] = []): Promise<EngineEvents> {
    return this.#operation('destroy', ['--yes', ...args]);
  }

  /** Gives back the lock that a killed run left. */
  async cancel(): Promise<void> {
    await this.run(['cancel', '--yes', this.#options.stack]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.run(['stack', 'output', '--json', '--stack', this.#options.stack]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The state as it is kept: resources, and operations whose end is not known. */
  async exported(): Promise<Checkpoint> {
    const { stdout } = await this.run(['stack', 'export', '--stack', this.#options.stack]);
    return JSON.parse(stdout) as Checkpoint;
  }

  /** Puts another state in the place of the present one. */
  async imported(checkpoint: Checkpoint): Promise<void> {
    const file = join(this.#options.stateFolder, `import-${++this.#runs}.json`);
    writeFileSync(file, JSON.stringify(checkpoint));
    await this.run(['stack', 'import', '--file', file, '--stack', this.#options.stack]);
  }

  /** Starts an `up` and kills it, with all that it started, once `when` resolves. Resolves when it is dead. */
  async upKilled(when: Promise<unknown>): Promise<void> {
    const child = this.#spawn(['up', '--yes', '--skip-preview', '--stack', this.#options.stack]);
    const ended = once(child, 'exit');
    try {
      const first = await Promise.race([when.then(() => 'kill'), ended.then(() => 'ended')]);
      if (first === 'ended')
        throw new Error(`the up ended by itself before it was to be killed:\n${await text(child.stdout!)}`);
    } finally {
      await killTree(child.pid!);
      await ended;
    }
  }

  async run(args: readonly string[]): Promise<{ stdout: string }> {
    const child = this.#spawn(args);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    if (code !== 0) throw new EngineError(args[0]!, [], `${stdout}${stderr}`);
    return { stdout };
  }

  async #operation(command: string, args: readonly string[]): Promise<EngineEvents> {
    const log = join(this.#options.stateFolder, `events-${this.#options.stack}-${++this.#runs}.jsonl`);
    const all = [command, ...args, '--stack', this.#options.stack, '--event-log', log];
    let failure: unknown;
    await this.run(all).catch((error: unknown) => {
      failure = error;
    });
    const events = readEvents(log);
    rmSync(log, { force: true });
    if (failure instanceof EngineError) throw new EngineError(command, events.errors, failure.message);
    return events;
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn(this.#options.program, [...args, '--non-interactive', '--color', 'never'], {
      cwd: this.#options.projectFolder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
