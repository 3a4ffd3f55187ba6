import assert from 'node:assert/strict';
import { previewComment } from '../../../scripts/preview-comment.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

/** As Pulumi 3.200 prints them with --diff --color never --suppress-progress. */
const CHANGES = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::logferry::pulumi:pulumi:Stack::logferry-dev]
    ~ gcp:bigquery/table:Table: (update)
        [urn=urn:pulumi:dev::logferry::gcp:bigquery/table:Table::purchase]
      ~ schema: "a" => "b"
    - aws:s3/bucket:Bucket: (delete)
        [urn=urn:pulumi:dev::logferry::aws:s3/bucket:Bucket::b]
Resources:
    ~ 1 to update
    - 1 to delete
    2 changes. 41 unchanged
`;

const SAME = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::logferry::pulumi:pulumi:Stack::logferry-dev]
Resources:
    43 unchanged
`;

const REFUSED = `error: purchase.amount: deployed NUMERIC, wanted STRING
keep the column
error: purchase.amount: deployed NUMERIC, wanted STRING
keep the column
${SAME}`;

const preview = (output: string, code = 0) => previewComment({ stack: 'dev', code, commit: SHA, output });

describe('the comment on a pull request', () => {
  it('says in its heading what will happen, warns of what goes, and colours the diff', () => {
    assert.equal(
      preview(CHANGES),
      `### \`dev\`: ~ 1 to update, - 1 to delete

**Something is deleted or made anew: look for \`-\` below.**

<details><summary>the preview of 0123456789ab</summary>

\`\`\`diff
Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::logferry::pulumi:pulumi:Stack::logferry-dev]
!     gcp:bigquery/table:Table: (update)
        [urn=urn:pulumi:dev::logferry::gcp:bigquery/table:Table::purchase]
!       schema: "a" => "b"
-     aws:s3/bucket:Bucket: (delete)
        [urn=urn:pulumi:dev::logferry::aws:s3/bucket:Bucket::b]
Resources:
!     1 to update
-     1 to delete
    2 changes. 41 unchanged
\`\`\`

</details>
`,
    );
  });

  it('tells no changes from changed outputs', () => {
    const [same] = preview(SAME).split('\n');
    assert.equal(same, '### `dev`: no changes');
    const [outputs] = preview(
      SAME.replace('Resources:', '    --outputs:--\n  ~ tables: 1 => 2\nResources:'),
    ).split('\n');
    assert.equal(outputs, '### `dev`: only outputs change');
  });

  it('a refused change shows the reason once, before the diff', () => {
    const [shown] = preview(REFUSED, 255).split('<details>');
    assert.equal(
      shown,
      '### `dev`: the preview failed\n\n```\nerror: purchase.amount: deployed NUMERIC, wanted STRING\nkeep the column\n```\n\n',
    );
  });

  it('stays below what GitHub takes, keeps both ends, and says what it left out', () => {
    const comment = preview(`first\n${'+ a line of a large diff\n'.repeat(5000)}last\n`);
    assert.ok(comment.length < 65_536, String(comment.length));
    assert.match(comment, /\nfirst\n/);
    assert.match(comment, /\nlast\n/);
    assert.match(comment, /\n\.\.\. 65010 characters are left out; the job's log has them \.\.\.\n/);
  });

  it('nothing in the output ends its block', () => {
    const comment = preview('a ```` b\n');
    assert.match(comment, /\n`{5}diff\na ```` b\n`{5}\n/);
  });
});
