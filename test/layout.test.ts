import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { NATIVE_PACKAGES } from '../scripts/bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One import of one file: what it names, and where that leads if it is a file of this project. */
interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Path from the project's root; undefined for packages and Node's modules. */
  readonly target: string | undefined;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

/** Packages of the command line: it alone talks to people. */
const CLI_PACKAGES = ['cli-progress', 'cli-table3', 'commander'];

/** Packages that a folder of core or logic may use besides Node's modules (DESIGN 7, and docs/decisions for the second). */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: ['ajv', '@node-rs/crc32', 'fastest-levenshtein'],
  sample: ['pure-rand'],
};

/** The SDK of each adapter. A new adapter adds its own here, and no other folder may import it. */
const SDKS: Readonly<Record<string, readonly string[]>> = {
  bigquery: ['@google-cloud/bigquery'],
  directory: [],
  duckdb: ['@duckdb/node-api'],
  gcs: ['@google-cloud/storage'],
  s3: ['@aws-sdk/client-s3'],
};

/** Packages of the Pulumi program. */
const INFRA_PACKAGES = ['@pulumi/aws', '@pulumi/gcp', '@pulumi/kubernetes', '@pulumi/pulumi'];

/** One folder a provider: which of Pulumi's packages each may import. */
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: '@pulumi/aws',
  gcp: '@pulumi/gcp',
  k8s: '@pulumi/kubernetes',
};

/** Data that core reads at build time. */
const DATA = ['schemas/log-type.schema.json'];

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Import[] = [];
  const add = (specifier: string, dynamic: boolean, typeOnly: boolean): void => {
    const target = specifier.startsWith('.')
      ? relative(ROOT, join(ROOT, dirname(file), specifier))
      : undefined;
    found.push({ file, specifier, target, dynamic, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      if (node.moduleSpecifier !== undefined)
        add((node.moduleSpecifier as ts.StringLiteral).text, false, typeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(((node.argument as ts.LiteralTypeNode).literal as ts.StringLiteral).text, false, true);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
    ) {
      const [argument] = node.arguments;
      add(
        argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : '(computed)',
        true,
        false,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `ajv/dist/2020.js` is of the package `ajv`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Which part of `workloads` a file belongs to: `core`, `adapters/duckdb`, `loader`, `cli` ... */
function partOf(file: string): string {
  const [, first = '', second = ''] = file.split('/');
  if (first === 'adapters') return `adapters/${second}`;
  return first === 'cli.ts' ? 'cli' : first;
}

/** Why an import breaks the rule of who may import whom, or undefined where it does not. */
function violation({ file, specifier, target, dynamic, typeOnly }: Import): string | undefined {
  const part = partOf(file);
  const kind = part.startsWith('adapters/') ? 'adapter' : part;
  if (specifier === '(computed)') return 'an import that nobody can read';
  if (specifier.startsWith('node:')) return undefined;
  if (target === undefined) {
    const name = packageOf(specifier);
    const allowed =
      kind === 'adapter'
        ? (SDKS[part.slice('adapters/'.length)] ?? [])
        : kind === 'cli'
          ? CLI_PACKAGES
          : (PACKAGES[part] ?? []);
    return allowed.includes(name) ? undefined : `only ${allowed.join(', ') || "Node's modules"} from outside`;
  }
  if (!existsSync(join(ROOT, target))) return 'no such file';
  if (DATA.includes(target) && kind === 'core') return undefined;
  if (kind === 'cli' && target === 'package.json') return undefined;
  if (!target.startsWith('workloads/')) return 'workloads never import infra, tests or scripts';
  const other = partOf(target);
  if (kind === 'cli') {
    const engine = (SDKS[other.replace('adapters/', '')] ?? []).length > 0;
    return engine && other.startsWith('adapters/') && !dynamic && !typeOnly
      ? 'an adapter with an SDK is imported only when its scheme is used'
      : undefined;
  }
  return other === part || other === 'core' ? undefined : `${kind} imports core and itself only`;
}

/** Why an import of the Pulumi program breaks the rule: it takes schemas, names and SQL from core, and nothing else of the workloads. */
function infraViolation({ file, specifier, target, dynamic }: Import): string | undefined {
  if (dynamic) return 'the program is one page that names what it uses';
  if (specifier.startsWith('node:')) return undefined;
  const [, folder = ''] = file.split('/');
  const provider = PROVIDERS[folder];
  if (target === undefined) {
    const name = packageOf(specifier);
    if (!INFRA_PACKAGES.includes(name)) return `only ${INFRA_PACKAGES.join(', ')} from outside`;
    const foreign = Object.values(PROVIDERS).filter((each) => each !== provider);
    return provider !== undefined && foreign.includes(name) ? 'one folder a provider' : undefined;
  }
  if (!existsSync(join(ROOT, target))) return 'no such file';
  if (target.startsWith('workloads/core/')) return undefined;
  if (!target.startsWith('infra/')) return 'infra imports core and itself only';
  const other = target.split('/')[1] ?? '';
  return provider !== undefined && other !== folder && other in PROVIDERS
    ? 'a provider’s folder knows no other: index.ts wires'
    : undefined;
}

/** Files that import one another in a circle, each circle once. */
function cycles(imports: readonly Import[]): string[] {
  const graph = new Map<string, string[]>();
  for (const { file, target } of imports)
    if (target?.endsWith('.ts')) graph.set(file, [...(graph.get(file) ?? []), target]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

describe('who may import whom (DESIGN 7)', () => {
  const files = globSync('workloads/**/*.ts', { cwd: ROOT }).toSorted();
  const imports = files.flatMap(importsOf);

  it('core imports nothing but itself, an adapter core and one SDK, logic core; only the command line wires', () => {
    assert.ok(
      files.length > 100 && imports.length > 400,
      `${files.length} files, ${imports.length} imports: were they found?`,
    );
    const list = imports.flatMap((each) => {
      const reason = violation(each);
      return reason === undefined ? [] : [`${each.file} imports ${each.specifier}: ${reason}`];
    });
    assert.deepEqual(list, []);
  });

  it('no files import one another in a circle', () => {
    assert.deepEqual(cycles(imports), []);
  });

  it('every dependency of the package is imported by workloads, and every import is a dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const used = new Set(
      imports.flatMap(({ specifier, target }) =>
        target === undefined && !specifier.startsWith('node:') ? [packageOf(specifier)] : [],
      ),
    );
    // What the bundle leaves outside is asked for by its name there, whoever imports it in the sources.
    for (const name of NATIVE_PACKAGES) used.add(name);
    assert.deepEqual([...used].toSorted(), Object.keys(dependencies).toSorted());
  });

  it('infra imports core, Pulumi and itself; a provider’s folder only its own; and in no circle', () => {
    const program = globSync('infra/**/*.ts', { cwd: ROOT }).toSorted().flatMap(importsOf);
    assert.ok(program.length > 50, `${program.length} imports: were they found?`);
    const list = program.flatMap((each) => {
      const reason = infraViolation(each);
      return reason === undefined ? [] : [`${each.file} imports ${each.specifier}: ${reason}`];
    });
    assert.deepEqual(list, []);
    assert.deepEqual(cycles(program), []);
    const refused: [string, string][] = [
      ['infra/index.ts', '../workloads/loader/decide.ts'],
      ['infra/index.ts', '../workloads/adapters/duckdb/names.ts'],
      ['infra/index.ts', '@google-cloud/storage'],
      ['infra/aws/x.ts', '@pulumi/gcp'],
      ['infra/k8s/x.ts', '../gcp/staging-bucket.ts'],
    ];
    for (const [file, specifier] of refused) {
      const target = specifier.startsWith('.') ? join(dirname(file), specifier) : undefined;
      const each = { file, specifier, target, dynamic: false, typeOnly: false };
      assert.ok(infraViolation(each), `${file} imports ${specifier}`);
    }
  });

  it('the example consumer takes types from the outputs alone: another team has no more of this program', () => {
    const example = globSync('examples/**/*.ts', { cwd: ROOT }).toSorted().flatMap(importsOf);
    const foreign = example.filter(
      ({ target, typeOnly }) =>
        target !== undefined &&
        !target.startsWith('examples/') &&
        !(typeOnly && target === 'infra/outputs.ts'),
    );
    assert.deepEqual(foreign, []);
    assert.ok(example.some(({ target }) => target === 'infra/outputs.ts'));
  });

  it('the rule itself refuses what it should', () => {
    const refused: [string, string][] = [
      ['workloads/core/x.ts', '../loader/decide.ts'],
      ['workloads/core/x.ts', '../adapters/directory/walk.ts'],
      ['workloads/core/x.ts', 'commander'],
      ['workloads/core/x.ts', '@duckdb/node-api'],
      ['workloads/adapters/directory/x.ts', '@duckdb/node-api'],
      ['workloads/adapters/directory/x.ts', '../duckdb/names.ts'],
      ['workloads/loader/x.ts', '../classifier/context.ts'],
      ['workloads/loader/x.ts', '../adapters/duckdb/names.ts'],
      ['workloads/loader/x.ts', '../cli/io.ts'],
      ['workloads/loader/x.ts', 'pure-rand'],
      ['workloads/cli/x.ts', '../adapters/duckdb/names.ts'],
      ['workloads/cli/x.ts', '@duckdb/node-api'],
      ['workloads/cli/x.ts', '@pulumi/pulumi'],
      ['workloads/cli/x.ts', '../../test/support/cli.ts'],
      ['workloads/cli/x.ts', './nowhere.ts'],
    ];
    for (const [file, specifier] of refused) {
      const target = specifier.startsWith('.') ? join(dirname(file), specifier) : undefined;
      assert.ok(
        violation({ file, specifier, target, dynamic: false, typeOnly: false }),
        `${file} imports ${specifier}`,
      );
    }
    const circle = ['a', 'b', 'c'].map((file, index, all): Import => {
      const target = `${all[(index + 1) % 3]!}.ts`;
      return { file: `${file}.ts`, specifier: target, target, dynamic: false, typeOnly: false };
    });
    assert.deepEqual(cycles(circle), ['a.ts -> b.ts -> c.ts -> a.ts']);
  });
});
