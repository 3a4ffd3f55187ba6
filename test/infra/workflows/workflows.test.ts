import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { kubeconfig } from '../../../infra/gcp/kubeconfig.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: ROOT }).toSorted();
const ACTIONS = globSync('.github/actions/*/action.yml', { cwd: ROOT }).toSorted();
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (path: string): Workflow => load(text(path)) as Workflow;

/** All jobs as `[file and name, job, what its token may do]`. */
const JOBS = WORKFLOWS.flatMap((path) => {
  const { jobs, permissions } = workflow(path);
  return Object.entries(jobs).map(([name, job]) => ({
    id: `${path.split('/').at(-1) ?? ''}/${name}`,
    job,
    permissions: job.permissions ?? permissions,
  }));
});

const usesCloud = ({ steps }: Job): boolean => steps.some(({ uses }) => uses === './.github/actions/pulumi');

describe('the workflows', () => {
  it('are there', () => {
    assert.deepEqual(WORKFLOWS, [
      '.github/workflows/ci.yml',
      '.github/workflows/deploy.yml',
      '.github/workflows/preview.yml',
    ]);
    assert.deepEqual(ACTIONS, ['.github/actions/pulumi/action.yml']);
  });

  it('every foreign action is pinned by its full commit, with its version beside it, and one version of each', () => {
    const pins = [...WORKFLOWS, ...ACTIONS].flatMap((path) =>
      text(path)
        .split('\n')
        .filter((line) => /^\s*(- )?uses:/.test(line) && !line.includes(' ./')),
    );
    assert.ok(pins.length >= 12, `${pins.length} were found`);
    const versions = new Map<string, Set<string>>();
    for (const line of pins) {
      const [, action, commit, version] =
        /uses: ([\w.-]+\/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(line) ?? [];
      assert.ok(action !== undefined && commit !== undefined && version !== undefined, line);
      versions.set(action, (versions.get(action) ?? new Set()).add(`${commit} ${version}`));
    }
    for (const [action, found] of versions)
      assert.equal(found.size, 1, `${action}: ${[...found].join(', ')}`);
  });

  it('no secret is read: the only token is the job’s own', () => {
    for (const path of [...WORKFLOWS, ...ACTIONS]) {
      assert.doesNotMatch(text(path), /\bsecrets\s*[.[]/, path);
      assert.doesNotMatch(text(path), /secrets: inherit/, path);
      assert.doesNotMatch(text(path), /pull_request_target|workflow_run/, path);
    }
  });

  it('each job’s token may do exactly this', () => {
    assert.deepEqual(Object.fromEntries(JOBS.map(({ id, permissions }) => [id, permissions])), {
      'ci.yml/gate': { contents: 'read' },
      'ci.yml/image': { contents: 'read' },
      'deploy.yml/dev': { contents: 'read', 'id-token': 'write' },
      'deploy.yml/prod-preview': { contents: 'read', 'id-token': 'write' },
      'deploy.yml/prod': { contents: 'read', 'id-token': 'write' },
      'preview.yml/preview': { contents: 'read', 'id-token': 'write' },
      'preview.yml/comment': { 'pull-requests': 'write' },
    });
    for (const { id, job, permissions } of JOBS)
      assert.equal(usesCloud(job), permissions?.['id-token'] === 'write', id);
    for (const path of WORKFLOWS) assert.ok(workflow(path).permissions, `${path} has permissions of its own`);
  });

  it('a fork gets no credentials', () => {
    const { job } = JOBS.find(({ id }) => id === 'preview.yml/preview')!;
    assert.ok(job.if?.includes('github.event.pull_request.head.repo.full_name == github.repository'), job.if);
  });

  it('what deploys is guarded by its environment and runs from main only', () => {
    const deploying = JOBS.filter(({ job }) => job.steps.some(({ run }) => run?.includes('pulumi up')));
    assert.deepEqual(
      deploying.map(({ id, job }) => [id, job.environment]),
      [
        ['deploy.yml/dev', 'dev'],
        ['deploy.yml/prod', 'prod'],
      ],
    );
    assert.deepEqual(
      JOBS.filter(({ job }) => job.environment !== undefined).map(({ id }) => id),
      ['deploy.yml/dev', 'deploy.yml/prod'],
    );
    assert.deepEqual(Object.keys(workflow('.github/workflows/deploy.yml').on), ['push', 'workflow_dispatch']);
    for (const id of ['deploy.yml/dev', 'deploy.yml/prod-preview'])
      assert.ok(JOBS.find((each) => each.id === id)?.job.if?.includes("github.ref == 'refs/heads/main'"), id);
  });

  it('no job runs for ever, and no checkout leaves its token behind', () => {
    for (const { id, job } of JOBS) {
      assert.ok((job['timeout-minutes'] ?? Infinity) <= 60, id);
      for (const step of job.steps)
        if (step.uses?.startsWith('actions/checkout@'))
          assert.equal(step.with?.['persist-credentials'], false, id);
    }
  });

  it('what others can write is never pasted into a script', () => {
    for (const { id, job } of JOBS)
      for (const { run = '' } of job.steps) assert.doesNotMatch(run, /\$\{\{/, `${id}: pass it by env`);
  });

  it('the Pulumi program is of the version of its SDK', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as {
      devDependencies: Record<string, string>;
    };
    const { runs } = load(text(ACTIONS[0]!)) as { runs: { steps: readonly Step[] } };
    const install = runs.steps.find(({ uses }) => uses?.startsWith('pulumi/actions@'));
    assert.equal(install?.with?.['pulumi-version'], devDependencies['@pulumi/pulumi']);
  });

  it('a runner gets into every kind of cluster: signed in to both clouds first, then what kubeconfigs call', () => {
    const { runs } = load(text(ACTIONS[0]!)) as { runs: { steps: readonly Step[] } };
    const at = (part: string): number =>
      runs.steps.findIndex(({ uses, run }) => (uses ?? run ?? '').includes(part));
    const install = at('google-github-actions/setup-gcloud@');
    const tried = at('gke-gcloud-auth-plugin --version');
    assert.equal(runs.steps[install]?.with?.install_components, 'gke-gcloud-auth-plugin');
    const order = [
      at('npm ci --ignore-scripts'),
      at('aws-actions/configure-aws-credentials@'),
      at('google-github-actions/auth@'),
      install,
      tried,
    ];
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.ok(!order.includes(-1), order.join());
    // The plugin that the program's own kubeconfig calls, and the program of `aws eks update-kubeconfig`.
    assert.match(runs.steps[tried]?.run ?? '', /^aws --version\ngke-gcloud-auth-plugin --version\n/);
    assert.match(
      kubeconfig({ cluster: 'c', server: 'https://c', certificate: undefined }),
      /"command":"gke-gcloud-auth-plugin"/,
    );
  });

  it('docs/deploy.md explains every variable, and names none that is not read', () => {
    const read = new Set<string>();
    for (const path of WORKFLOWS) {
      for (const [, name] of text(path).matchAll(/vars\.([A-Z_]+?)_(?:DEV|PROD)\b/g)) read.add(name!);
      for (const [, name] of text(path).matchAll(/vars\[format\('([A-Z_]+)_\{0\}'/g)) read.add(name!);
    }
    const told = new Set(
      [...text('docs/deploy.md').matchAll(/^\| `([A-Z_]+)_<ENV>` /gm)].map(([, name]) => name!),
    );
    assert.deepEqual([...told].toSorted(), [...read].toSorted());
    assert.equal(read.size, 7);
  });
});
