import assert from 'node:assert/strict';
import { deployedAs, tableSpecs, type DeployedSchemas } from '../../../infra/schema-guard/deployed.ts';
import { refuseBreakingChanges } from '../../../infra/schema-guard/guard.ts';
import { previewComment } from '../../../scripts/preview-comment.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { SchemaSet } from '../../../workloads/core/schema/schema-set.ts';
import { recordEnvironment } from '../../support/program.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

/** GitHub's limit, and the longest line that the workflow puts before the comment. */
const TAKEN_BY_GITHUB = 65_536;
const MARKER = '<!-- logferry preview of prod -->\n';

/** What every preview of a stack that is there begins with, as Pulumi prints it with --diff --color never --suppress-progress. */
const BEGINNING = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::logferry::pulumi:pulumi:Stack::logferry-dev]
    > pulumi:pulumi:StackReference: (read)
        [id=organization/logferry/dev]
        [urn=urn:pulumi:dev::logferry::pulumi:pulumi:StackReference::last-run]
        name: "organization/logferry/dev"
        --outputs:--
      ~ outputs          : {
          + cronJobs         : [
          +     [0]: "classifier"
            ]
          + schemaGenerations: [
          +     [0]: {
                  + gz  : "H4sIAAAAAAACA+1d3XIb"
                  + hash: "ccce1d630029"
                }
            ]
        }
`;

const SHOWN_BEGINNING = BEGINNING.split('\n').slice(0, 3).join('\n');

const CHANGES = `${BEGINNING}        + kubernetes:core/v1:ConfigMap: (create)
            [urn=urn:pulumi:dev::logferry::logferry:k8s:SchemaConfigMaps$kubernetes:core/v1:ConfigMap::schemas-3019c3707f82]
            apiVersion: "v1"
            data      : {
                purchase.json: (json) {
                    fields: []
                }

            }
            immutable : true
        + kubernetes:core/v1:ConfigMap: (create)
            [urn=urn:pulumi:dev::logferry::logferry:k8s:CredentialsConfigMap$kubernetes:core/v1:ConfigMap::classifier-credentials]
            data      : {
                credentials.json: "{}"
            }
            ~ gcp:bigquery/table:Table: (update)
                [urn=urn:pulumi:dev::logferry::gcp:bigquery/table:Table::purchase]
              ~ schema: "a" => "b"
        - aws:s3/bucket:Bucket: (delete)
            [urn=urn:pulumi:dev::logferry::aws:s3/bucket:Bucket::b]
    --outputs:--
  ~ deployedSchemas  : {
        form  : 1
      ~ tables: {
            purchase: {}
        }
    }
  ~ schemaGenerations: [
      ~ [0]: {
              ~ hash: "ccce1d630029" => "3019c3707f82"
            }
    ]
  ~ tables           : {
      + refund: "p.d.refund"
    }
Resources:
    + 2 to create
    ~ 1 to update
    - 1 to delete
    4 changes. 41 unchanged
`;

const SAME = `${BEGINNING}Resources:
    43 unchanged
`;

/** As Pulumi prints what the program throws: between what it has seen so far and the counts. */
const failing = (message: string): string => `${BEGINNING}error: ${message}\nResources:\n    1 unchanged\n`;

const preview = (output: string, code = 0) => previewComment({ stack: 'dev', code, commit: SHA, output });

/** What is above the part to unfold. */
const above = (output: string): string => preview(output, 255).split('<details>')[0]!;

/** What a stack has with a table `purchase` of these columns of one type. */
function deployed(columns: readonly string[], type: string): DeployedSchemas {
  const file = { fields: columns.map((name) => ({ name, type, mode: 'NULLABLE' })) };
  const parsed = parseLogType('schemas/purchase.json', JSON.stringify(file));
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return deployedAs(tableSpecs(undefined, new SchemaSet([parsed.logType])));
}

/** The guard's own words on a change of all these columns. */
function refusal(columns: readonly string[]): string {
  try {
    refuseBreakingChanges(deployed(columns, 'NUMERIC'), deployed(columns, 'STRING'), {
      environment: 'dev',
      acceptBreaking: [],
    });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the guard let it through');
}

describe('the comment on a pull request', () => {
  it('says in its heading what will happen, warns of what goes, and colours the diff', () => {
    assert.equal(
      preview(CHANGES),
      `### \`dev\`: + 2 to create, ~ 1 to update, - 1 to delete

**Something is deleted or made anew: look for \`-\` below.**

<details><summary>the preview of 0123456789ab</summary>

\`\`\`diff
${SHOWN_BEGINNING}
+         kubernetes:core/v1:ConfigMap: (create)
            [urn=urn:pulumi:dev::logferry::logferry:k8s:SchemaConfigMaps$kubernetes:core/v1:ConfigMap::schemas-3019c3707f82]
            apiVersion: "v1"
            data      : { ... (left out; the job's log has it)
            immutable : true
+         kubernetes:core/v1:ConfigMap: (create)
            [urn=urn:pulumi:dev::logferry::logferry:k8s:CredentialsConfigMap$kubernetes:core/v1:ConfigMap::classifier-credentials]
            data      : {
                credentials.json: "{}"
            }
!             gcp:bigquery/table:Table: (update)
                [urn=urn:pulumi:dev::logferry::gcp:bigquery/table:Table::purchase]
!               schema: "a" => "b"
-         aws:s3/bucket:Bucket: (delete)
            [urn=urn:pulumi:dev::logferry::aws:s3/bucket:Bucket::b]
    --outputs:--
!   deployedSchemas  : { ... (left out; the job's log has it)
!   schemaGenerations: [ ... (left out; the job's log has it)
!   tables           : {
+       refund: "p.d.refund"
    }
Resources:
+     2 to create
!     1 to update
-     1 to delete
    4 changes. 41 unchanged
\`\`\`

</details>
`,
    );
  });

  it('what it leaves out is called so by the program', async () => {
    const { registrations, result } = await recordEnvironment('dev');
    for (const output of ['deployedSchemas', 'schemaGenerations']) assert.ok(output in result, output);
    const schemas = registrations.filter(
      ({ type, inputs }) =>
        type === 'kubernetes:core/v1:ConfigMap' &&
        Object.keys(inputs.data as Record<string, unknown>).includes('purchase.json'),
    );
    assert.equal(schemas.length, 1);
    for (const { name } of schemas) assert.match(name, /^schemas-/);
    assert.deepEqual(
      registrations.filter(({ type }) => type === 'pulumi:pulumi:StackReference').map(({ name }) => name),
      ['last-run'],
    );
  });

  it('tells no changes from changed outputs, and neither from what is merely read', () => {
    const [same] = preview(SAME).split('\n');
    assert.equal(same, '### `dev`: no changes');
    const [outputs] = preview(
      SAME.replace('Resources:', '    --outputs:--\n  ~ tables: 1 => 2\nResources:'),
    ).split('\n');
    assert.equal(outputs, '### `dev`: only outputs change');
  });

  it('a refused schema shows every line of the refusal, before the diff', () => {
    const text = refusal(['amount', 'price']);
    const lines = text.split('\n');
    assert.match(lines[1]!, /^- purchase\.amount: deployed is NUMERIC, the schemas say STRING; /);
    assert.match(lines.at(-1)!, /^logferry:acceptBreaking: \["purchase@[0-9a-f]{8}"\]$/);
    assert.equal(
      above(failing(text)),
      `### \`dev\`: the preview failed\n\n\`\`\`\nerror: ${text}\n\`\`\`\n\n`,
    );
  });

  it('an error is shown once, an empty line does not end it, and what Pulumi says next does', () => {
    const thrown =
      "Running program 'infra/index.ts' failed with an unhandled exception:\nindex.ts:7\n\nboom (;";
    const output = failing(
      `${thrown}\n\u001b[90m    at run (node:internal)\u001b[39m\nerror: ${thrown}\n    at run (node:internal)\nerror: preview failed\n` +
        '    + aws:s3/bucket:Bucket: (create)\n        [urn=urn:pulumi:dev::logferry::aws:s3/bucket:Bucket::b]',
    );
    assert.equal(
      above(output),
      `### \`dev\`: the preview failed\n\n\`\`\`\nerror: ${thrown}\n    at run (node:internal)\n\`\`\`\n\n`,
    );
  });

  it('where nothing else is said, it says that the preview failed', () => {
    assert.equal(
      above(failing('preview failed')),
      '### `dev`: the preview failed\n\n```\nerror: preview failed\n```\n\n',
    );
  });

  it('stays below what GitHub takes, keeps both ends, and says what it left out', () => {
    const comment = preview(`first\n${'+ a line of a large diff\n'.repeat(5000)}last\n`);
    assert.ok(comment.length < TAKEN_BY_GITHUB - MARKER.length, String(comment.length));
    assert.match(comment, /\nfirst\n/);
    assert.match(comment, /\nlast\n/);
    const [, left = ''] =
      /\n\.\.\. (\d+) characters are left out; the job's log has them \.\.\.\n/.exec(comment) ?? [];
    const shown = comment.split('\n').filter((line) => line === '+ a line of a large diff').length;
    assert.equal(Number(left), (5000 - shown) * '+ a line of a large diff\n'.length);
    assert.ok(comment.length > 60_000, `${comment.length}: the room is used`);
  });

  it('stays below it with the longest reasons, whose beginning and end are there', () => {
    const text = refusal(Array.from({ length: 2000 }, (_, index) => `column_${index}`));
    const comment = preview(`${failing(text)}${'+ a line of a large diff\n'.repeat(5000)}`, 255);
    assert.ok(text.length > TAKEN_BY_GITHUB, String(text.length));
    assert.ok(comment.length < TAKEN_BY_GITHUB - MARKER.length, String(comment.length));
    const [shown = ''] = comment.split('<details>');
    const [first = '', ...rest] = text.split('\n');
    assert.ok(shown.includes(`\n\`\`\`\nerror: ${first}\n`), first);
    assert.ok(shown.includes(`\n${rest.at(-1)!}\n\`\`\`\n`), rest.at(-1));
    assert.match(comment, /\n\+ a line of a large diff\n/);
  });

  it('stays below it whatever a pull request prints', () => {
    for (const output of [
      'x'.repeat(200_000),
      '`'.repeat(200_000),
      `${'`'.repeat(40)}\n`.repeat(5000),
      `error: ${'y'.repeat(200_000)}`,
      `Resources:\n    + ${'z'.repeat(200_000)} to create\n`,
    ])
      for (const code of [0, 255]) {
        const { length } = preview(output, code);
        assert.ok(length < TAKEN_BY_GITHUB - MARKER.length, `${output.slice(0, 20)}: ${length}`);
      }
  });

  it('nothing in the output ends its block', () => {
    const comment = preview('a ```` b\n');
    assert.match(comment, /\n`{5}diff\na ```` b\n`{5}\n/);
    assert.match(preview(`a ${'`'.repeat(30)} b\n`), /\n`{8}diff\na `{7} b\n`{8}\n/);
  });
});
