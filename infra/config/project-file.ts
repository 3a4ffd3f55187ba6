import { CONFIG_KEYS, DEFINITIONS, PROJECT } from './definitions.ts';
import type { KeyDefinition } from './definition.ts';

/** The longest line of the file, in characters, as in the rest of the project. */
const WIDTH = 110;

/** `Pulumi.yaml`, whole. A test holds that the file in the project is this. */
export function projectFile(): string {
  return [
    '# Written by "node scripts/pulumi-yaml.ts" from infra/config/: change the definitions there, not this file.',
    '# The program starts at "main" of package.json; "main" here would move its working directory.',
    `name: ${PROJECT}`,
    'description: Carries hourly mixed logs from S3 in Seoul to typed BigQuery tables, and proves it.',
    'runtime:',
    '  name: nodejs',
    '  options:',
    '    # Node strips the types itself (22.18 or later; "npm install" brings one).',
    '    typescript: false',
    '    packagemanager: npm',
    '',
    '# Numbers and switches are declared as texts on purpose: for any other type the engine stops at the first wrong',
    '# value, without saying what it found. The program reads them, and lists everything that is wrong at once.',
    'config:',
    ...CONFIG_KEYS.flatMap((key) => keyLines(key, DEFINITIONS[key])),
    '',
  ].join('\n');
}

function keyLines(key: string, definition: KeyDefinition): string[] {
  return [
    `  ${key}:`,
    ...(definition.type === 'array'
      ? ['    type: array', '    items:', '      type: string']
      : ['    type: string']),
    ...(definition.default === undefined ? [] : [`    default: ${defaultText(definition.default)}`]),
    ...('secret' in definition ? ['    secret: true'] : []),
    '    description: >-',
    ...folded(describe(definition), '      '),
  ];
}

/** The engine hands numbers and switches on as texts anyway. */
function defaultText(value: NonNullable<KeyDefinition['default']>): string {
  return typeof value === 'object' ? `[${value.map(quoted).join(', ')}]` : quoted(String(value));
}

/** YAML's single quotes know one escape. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The description, led by what the engine is not told. */
function describe(definition: KeyDefinition): string {
  switch (definition.type) {
    case 'integer':
      return `Number, ${definition.min} to ${definition.max} (${definition.unit}). ${definition.description}`;
    case 'boolean':
      return `true or false. ${definition.description}`;
    case 'string':
    case 'array':
      return definition.default === undefined
        ? `Required. ${definition.description}`
        : definition.description;
  }
}

function folded(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
