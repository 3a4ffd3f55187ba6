import assert from 'node:assert/strict';
import { lastRun } from '../../../infra/schema-guard/last-run.ts';
import { recordProgram } from '../../support/pulumi-mocks.ts';

describe('what the last run left', () => {
  const read = (stackOutputs: Record<string, unknown>): ReturnType<typeof recordProgram<unknown>> =>
    recordProgram(() => lastRun(), { stack: 'prod', stackOutputs });

  it('is nothing before the first run, read from the stack itself', async () => {
    const { result, registrations } = await read({});
    assert.deepEqual(result, { deployedSchemas: undefined, schemaGenerations: [] });
    assert.deepEqual(registrations, [
      {
        type: 'pulumi:pulumi:StackReference',
        name: 'last-run',
        inputs: { name: 'organization/logferry/prod' },
        options: { read: 'organization/logferry/prod' },
      },
    ]);
  });

  it('is what stands in the outputs', async () => {
    const deployedSchemas = { form: 1, tables: {} };
    const schemaGenerations = [{ hash: '0123456789', gz: 'H4sI' }];
    const { result } = await read({ deployedSchemas, schemaGenerations, countView: 'p.ops.counts' });
    assert.deepEqual(result, { deployedSchemas, schemaGenerations });
  });

  it('is refused where a later program wrote it', async () => {
    await assert.rejects(read({ deployedSchemas: { form: 2, tables: {} } }), {
      message:
        'Stack organization/logferry/prod: expected deployed schemas in form 1, found form 2; a later version of logferry ' +
        'deployed this stack: run that version or a newer one.',
    });
  });
});
