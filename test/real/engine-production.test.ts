import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { tempFolder } from '../support/temp.ts';
import { engineBench, type Bench } from './support/engine-bench.ts';
import { EngineError, type Engine } from './support/engine.ts';

/** What holds rows, objects or the way to them: it outlives every command that is not meant for it. */
const HOLDS_DATA = ['aws:s3/bucket:Bucket', 'gcp:storage/bucket:Bucket', 'gcp:bigquery/table:Table'];

describe('a production stack on the real engine', function () {
  this.timeout(600_000);
  const folder = tempFolder();
  let bench: Bench;
  let production: Engine;

  before(async () => {
    bench = await engineBench(folder);
    production = await bench.open('prod');
    await production.up();
  });

  after(() => bench.stop());

  const withData = (): string[] =>
    bench.standIn.cloud.resources
      .filter(({ type }) => HOLDS_DATA.includes(type))
      .map(({ type, id }) => `${type} ${id}`)
      .sort();
  const deletions = (): string[] =>
    bench.standIn.cloud.journal.filter(({ kind }) => kind === 'delete').map(({ name }) => name);
  const failure = async (work: Promise<unknown>): Promise<readonly string[]> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof EngineError, `expected a refusal, found ${String(error)}`);
    return error.messages;
  };

  it('a second preview is empty', async () => {
    assert.deepEqual((await production.preview()).steps, []);
  });

  it('destroy is refused and touches nothing', async () => {
    const messages = await failure(production.destroy());
    assert.ok(messages.length > 0);
    for (const message of messages)
      assert.match(
        message,
        /^(Preview failed: )?resource "urn:.*" cannot be deleted\nbecause it is protected\. /,
      );
    assert.deepEqual(deletions(), []);
  });

  it('destroy without its preview stops at whatever holds data', async () => {
    const before = withData();
    await failure(production.destroy(['--skip-preview']));
    assert.deepEqual(withData(), before);
    // The issuer's provider is left for its other users, and from now on is not this stack's own.
    await production.setConfig({ adoptOidcProvider: 'true' });
    await production.up();
    assert.deepEqual((await production.preview()).steps, []);
  });

  it('where somebody took the engine’s protection away, the clouds’ own holds', async () => {
    const before = withData();
    const { cloud } = bench.standIn;
    for (const type of ['aws:s3/bucket:Bucket', 'gcp:storage/bucket:Bucket'])
      for (const { id } of cloud.ofType(type)) cloud.fill(type, id);
    await production.run(['state', 'unprotect', '--all', '--yes', '--stack', 'prod']);
    const messages = await failure(production.destroy());
    assert.ok(messages.length > 0);
    for (const message of messages)
      assert.match(
        message,
        /^cannot destroy table projects\/logferry-prod-example\/datasets\/logferry_prod_ops\/tables\/(counts|rejects) without setting deletion_protection=false and running `terraform apply`$/,
      );
    assert.deepEqual(withData(), before);
  });
});
