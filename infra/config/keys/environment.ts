import { matches, type KeyDefinition } from '../definition.ts';

const PREFIX = 'a-z, 0-9 and single hyphens, a letter first, at most 12';
const FOLDER = 'a folder below this project: letters, digits, _, - and ., no .. and no / at either end';
const ACCEPTANCE = '<table>@<8 hexadecimal digits>, as the refusal printed it';

/** What the environment is called and how careful it is. */
export const environmentKeys = {
  namePrefix: {
    type: 'string',
    default: 'logferry',
    description:
      'Begins every name in both clouds, before the stack’s name; two installations in one account differ in it. Changing it makes everything anew.',
    example: 'logferry',
    expected: PREFIX,
    check: matches(/^(?=.{1,12}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, PREFIX),
  },
  production: {
    type: 'boolean',
    default: false,
    description:
      'Buckets, datasets and tables cannot be destroyed (`pulumi destroy` and a replacement refuse), and the image must be given by digest.',
  },
  schemasDir: {
    type: 'string',
    default: 'schemas',
    description: 'Folder of the schema files, from the folder of Pulumi.yaml: one <table>.json a log type.',
    example: 'schemas',
    expected: FOLDER,
    check: matches(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/, FOLDER),
  },
  acceptBreaking: {
    type: 'array',
    default: [],
    description:
      'Breaking schema changes that are deliberate, a removed table too, as the refusal prints them: <table>@<digest> of what the table is and what it becomes. One that was carried out does no harm: it fits no other change.',
    example: 'purchase@1a2b3c4d',
    expected: ACCEPTANCE,
    check: matches(/^[A-Za-z_]\w{0,127}@[0-9a-f]{8}$/, ACCEPTANCE),
  },
} as const satisfies Record<string, KeyDefinition>;
