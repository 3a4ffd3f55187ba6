import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AWS_ACCOUNT } from '../../support/cloud-answers/aws.ts';
import type { Effects } from './stand-in/action.ts';
import { Engine } from './engine.ts';
import { projectCopy } from './project-copy.ts';
import { startStandIn, type StandIn } from './stand-in-provider.ts';
import { tool } from './toolchain.ts';

/** A schema file, as far as tests change it. */
export interface SchemaFile {
  fields: { name: string; type: string; mode?: string; description?: string }[];
}

/** A cloud, a checkout and a place for state: what a team has. */
export interface Bench {
  readonly standIn: StandIn;
  /** Folder of the checkout; schemas and stack files in it may be changed. */
  readonly project: string;
  /** Opens a stack of the program, with the settings of the checkout's `Pulumi.<stack>.yaml` and these. */
  readonly open: (stack: string, settings?: Readonly<Record<string, string>>) => Promise<Engine>;
  /** Opens a stack of another program of the checkout, such as `examples/consumer`. */
  readonly openOther: (folder: string, stack: string) => Promise<Engine>;
  readonly changeSchema: (table: string, change: (schema: SchemaFile) => void) => void;
  /** Puts a line such as `logferry:acceptBreaking: ["x"]` into the stack's file, as an editor does; returns what takes it out again. */
  readonly pasteSetting: (stack: string, line: string) => () => void;
  readonly stop: () => void;
}

/** Path of the engine, which finds its language host beside it. Throws where one of them is not built. */
function engineProgram(): string {
  tool('pulumi-language-nodejs');
  return tool('pulumi');
}

/** Makes a bench below `folder`. @param effects What the stand-in does for real (see `startStandIn`). */
export async function engineBench(
  folder: string,
  effects: Readonly<Record<string, Effects>> = {},
): Promise<Bench> {
  const program = engineProgram();
  const stateFolder = mkdtempSync(join(folder, 'engine-'));
  const project = projectCopy(stateFolder);
  const standIn = await startStandIn(effects);
  const common = { stateFolder, program, debugProviders: standIn.debugProviders };
  return {
    standIn,
    project,
    open: async (stack, settings = {}) => {
      const engine = await Engine.open({ ...common, projectFolder: project, stack });
      // The account that the stand-in cloud is.
      await engine.setConfig({ awsAccountId: AWS_ACCOUNT, ...settings });
      return engine;
    },
    openOther: (path, stack) => Engine.open({ ...common, projectFolder: join(project, path), stack }),
    changeSchema: (table, change) => {
      const file = join(project, 'schemas', `${table}.json`);
      const schema = JSON.parse(readFileSync(file, 'utf8')) as SchemaFile;
      change(schema);
      writeFileSync(file, JSON.stringify(schema));
    },
    pasteSetting: (stack, line) => {
      const file = join(project, `Pulumi.${stack}.yaml`);
      const former = readFileSync(file, 'utf8');
      writeFileSync(file, former.replace(/^config:$/m, `config:\n  ${line}`));
      return () => writeFileSync(file, former);
    },
    stop: () => standIn.stop(),
  };
}
