import assert from 'node:assert/strict';
import { before } from 'mocha';
import { GcsStore } from '../../../workloads/adapters/gcs/gcs-store.ts';
import type { LogferryError } from '../../../workloads/core/errors.ts';
import { localFiles } from '../../contract/store-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { StandIn, type Answered } from './stand-in.ts';

const local = localFiles(tempFolder());

/** An answer of GCS, and what an operator reads. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly said: string;
  readonly message: string;
  readonly advice: RegExp;
}

const IAM = 'c@p.iam.gserviceaccount.com does not have storage.objects.create access';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a permission is missing': {
    status: 403,
    reason: 'forbidden',
    said: IAM,
    message: `Object gs://bucket/k: cannot create it: access denied: GCS answered 403 forbidden (${IAM})`,
    advice:
      /^Let the identity in use have storage\.objects\.create \(roles\/storage\.objectCreator\) on bucket bucket;/,
  },
  'a service perimeter': {
    status: 403,
    reason: 'vpcServiceControls',
    said: 'Request is prohibited by organization’s policy. VPC Service Controls id: x1',
    message:
      'Object gs://bucket/k: cannot create it: access denied: GCS answered 403 vpcServiceControls (Request is prohibited by organization’s policy. VPC Service Controls id: x1)',
    advice: /audit log/,
  },
  'requester pays': {
    status: 400,
    reason: 'required',
    said: 'Bucket is a requester pays bucket but no user project provided.',
    message:
      'Object gs://bucket/k: cannot create it: GCS answered 400 required (Bucket is a requester pays bucket but no user project provided.)',
    advice: /^The bucket is "requester pays"/,
  },
  'billing is off': {
    status: 403,
    reason: 'accountDisabled',
    said: 'The billing account is disabled.',
    message:
      'Object gs://bucket/k: cannot create it: access denied: GCS answered 403 accountDisabled (The billing account is disabled.)',
    advice: /billing is off/,
  },
  'something that logferry never heard of': {
    status: 418,
    reason: 'teapot',
    said: 'short and stout',
    message: 'Object gs://bucket/k: cannot create it: GCS answered 418 teapot (short and stout)',
    advice: /^See GCS’s message/,
  },
};

describe('what GCS refuses, in one sentence', () => {
  const script: { answer: Answered } = { answer: undefined };
  let server: StandIn;
  before(async () => {
    server = await new StandIn(() => script.answer).listen();
  });

  for (const [name, { status, reason, said, message, advice }] of Object.entries(REFUSALS))
    it(name, async () => {
      const asked = server.asked.length;
      script.answer = { status, json: { error: { code: status, message: said, errors: [{ reason }] } } };
      const store = new GcsStore({ bucket: 'bucket', prefix: '', endpoint: server.url });
      await assert.rejects(store.create('k', local(Buffer.from('x'))), (error: LogferryError) => {
        assert.equal(error.name, 'TerminalError');
        assert.equal(error.message, message);
        assert.match(error.advice ?? '', advice);
        assert.equal(error.context.object, 'k');
        return true;
      });
      assert.equal(server.asked.length - asked, 1, 'it was tried again');
    });
});
