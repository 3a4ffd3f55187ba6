import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { S3Store } from '../../../workloads/adapters/s3/s3-store.ts';
import {
  AlreadyExistsError,
  ObjectNotFoundError,
  SourceChangedError,
  TerminalError,
  TransientError,
} from '../../../workloads/core/errors.ts';
import type { LocalFile } from '../../../workloads/core/ports/object-store.ts';
import { crc32cBase64 } from '../../contract/crc32c-reference.ts';
import { allObjects, large } from '../../contract/store-bench.ts';
import { faultMatrix, type CallCase, type Cell } from '../../support/fault-matrix.ts';
import type { Fault } from '../../support/fault-proxy.ts';
import { s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';
import { s3Error } from '../../support/s3-fauxqs.ts';
import { tempFolder } from '../../support/temp.ts';

/** A store by the proxy, and the same one past it. */
interface World {
  readonly store: S3Store;
  readonly direct: S3Store;
}

/** Longer than any answer of a fake on this machine takes, shorter than a test. */
const SILENCE_MS = 700;
const TIMEOUTS = { connectMs: 5_000, answerMs: SILENCE_MS, idleMs: SILENCE_MS };
const PATIENT = { deadlineMs: 20_000, baseMs: 1, capMs: 8 };
const HASTY = { ...PATIENT, deadlineMs: 60 };

const FOREIGN = large(1, 7).subarray(0, 200_000);
const OWN = Buffer.from('{"log_type":"a"}\n'.repeat(9_000));

const there = useProxiedS3();
const folder = tempFolder();

function localFile(): LocalFile {
  const path = join(folder, 'own');
  writeFileSync(path, OWN);
  return { path, size: OWN.length, crc32c: crc32cBase64(OWN) };
}

async function make(patient: boolean): Promise<World> {
  const { bucket, put } = await s3Bench(there.s3.endpoint, 'logs');
  const direct = storeAt(there.s3.endpoint, `${bucket}/logs`);
  for (const key of ['p/1', 'p/2', 'p/3', 'p/4', 'p/5']) await put(key, FOREIGN);
  await direct.create('own', localFile());
  const store = storeAt(there.proxy.url, `${bucket}/logs`, {
    retry: patient ? PATIENT : HASTY,
    timeouts: TIMEOUTS,
  });
  return { store, direct };
}

const state = ({ direct }: World): Promise<unknown> => allObjects(direct, '');
const read = async ({ store }: World, key: string, options = {}): Promise<Buffer> =>
  buffer(await store.read(key, options));
const etag = async ({ direct }: World, key: string): Promise<string> => (await direct.head(key))!.etag;

const CALLS = {
  'list page 1': {
    match: { method: 'GET', path: /list-type=2/ },
    run: ({ store }) => store.list('p/', { limit: 2 }),
  },
  'list page 2': {
    match: { method: 'GET', path: /continuation-token/ },
    run: ({ store }) => allObjects(store, 'p/', 2),
  },
  'head own': { match: { method: 'HEAD' }, run: ({ store }) => store.head('own') },
  'head foreign': { match: { method: 'GET', path: '/p/1' }, run: ({ store }) => store.head('p/1') },
  'read own': {
    match: { method: 'GET', path: '/own' },
    run: async (world) => read(world, 'own', { etag: await etag(world, 'own') }),
  },
  'read foreign': {
    match: { method: 'GET', path: '/p/1' },
    run: async (world) => read(world, 'p/1', { etag: await etag(world, 'p/1') }),
  },
  'read range': {
    match: { method: 'GET', path: '/p/1' },
    run: (world) => read(world, 'p/1', { start: 1_000, end: 190_000 }),
  },
  create: {
    match: { method: 'PUT', path: '/new' },
    run: async ({ store }) => store.create('new', localFile()),
    rerun: AlreadyExistsError,
  },
} as const satisfies Record<string, Omit<CallCase<World>, 'make' | 'state'>>;

type Name = keyof typeof CALLS;

const same = 'same';
const exists: Cell = { error: AlreadyExistsError, left: 'after' };
const transient: Cell = { error: TransientError };
const terminal: Cell = { error: TerminalError };
const noBody: Cell = { never: 'the answer has no body' };
const noUpload: Cell = { never: 'the request has no body' };
const unconditional: Cell = { never: 'the request has no condition' };
const reads: Cell = { never: 'only writes conflict' };
const always = true;

/** The same cell for every call but those that are named. */
function row(cell: Cell, others: Partial<Record<Name, Cell>> = {}): Record<Name, Cell> {
  const cells = Object.fromEntries(Object.keys(CALLS).map((name) => [name, cell])) as Record<Name, Cell>;
  return { ...cells, ...others };
}

/** Every call that brings a body; the others have none. */
function bodies(cells: Pick<Record<Name, Cell>, Exclude<Name, 'head own' | 'create'>>): Record<Name, Cell> {
  return { ...cells, 'head own': noBody, create: noBody };
}

function says(status: number, code: string, after = false): Fault {
  return {
    do: after ? 'answer-after' : 'answer',
    status,
    body: s3Error(code),
    headers: { 'content-type': 'application/xml' },
  };
}

const LISTS = { 'list page 1': same, 'list page 2': same } as const;
const allBodies = bodies({
  ...LISTS,
  'head foreign': same,
  'read own': same,
  'read foreign': same,
  'read range': same,
});

describe('S3Store, every call by every fault', () => {
  const calls = Object.fromEntries(
    Object.entries(CALLS).map(([name, call]) => [name, { ...call, make, state }]),
  ) as Record<Name, CallCase<World>>;

  faultMatrix(() => there.proxy, calls, {
    '503 SlowDown, thrice': {
      faults: [says(503, 'SlowDown'), says(503, 'SlowDown'), says(503, 'SlowDown')],
      cells: row(same),
    },
    '500 InternalError': { faults: [says(500, 'InternalError')], cells: row(same) },
    '502 from a proxy, in HTML': {
      faults: [{ do: 'answer', status: 502, body: '<html><p>Bad gateway<br>' }],
      cells: row(same),
    },
    '429': { faults: [says(429, 'TooManyRequests')], cells: row(same) },
    '400 RequestTimeout': {
      faults: [says(400, 'RequestTimeout')],
      cells: row(same),
    },
    '409 OperationAborted': { faults: [says(409, 'OperationAborted')], cells: row(reads, { create: same }) },
    '409 ConditionalRequestConflict': {
      faults: [says(409, 'ConditionalRequestConflict')],
      cells: row(reads, { create: same }),
    },
    '503 for ever': { faults: [says(503, 'SlowDown')], always, cells: row(transient) },
    '500 after it was done': {
      faults: [says(500, 'InternalError', true)],
      cells: row(same, { create: exists }),
    },
    '412': {
      faults: [says(412, 'PreconditionFailed')],
      cells: row(
        { error: SourceChangedError },
        {
          'list page 1': unconditional,
          'list page 2': unconditional,
          'head own': unconditional,
          create: { error: AlreadyExistsError },
        },
      ),
    },
    '404 NoSuchKey': {
      faults: [says(404, 'NoSuchKey')],
      cells: row(
        { error: ObjectNotFoundError },
        {
          'list page 1': { never: 'a prefix without keys is an empty page' },
          'list page 2': { never: 'a prefix without keys is an empty page' },
          'head own': { never: 'is an answer: undefined' },
          create: { never: 'a PUT needs no key to be there' },
        },
      ),
    },
    '403 AccessDenied': { faults: [says(403, 'AccessDenied')], always, cells: row(terminal) },
    '400 ExpiredToken, once': { faults: [says(400, 'ExpiredToken')], cells: row(same) },
    '400 ExpiredToken, for ever': { faults: [says(400, 'ExpiredToken')], always, cells: row(terminal) },
    '501 NotImplemented': { faults: [says(501, 'NotImplemented')], always, cells: row(terminal) },
    'connection reset before the request': {
      faults: [{ do: 'drop-before' }, { do: 'drop-before' }],
      cells: row(same),
    },
    'connection reset after the request': {
      faults: [{ do: 'drop-after' }],
      cells: row(same, { create: exists }),
    },
    'connection reset for ever': { faults: [{ do: 'drop-before' }], always, cells: row(transient) },
    'body cut at byte 0': { faults: [{ do: 'cut', at: 0 }], cells: allBodies },
    'body cut at byte 100, thrice': {
      faults: [100, 100, 100].map((at) => ({ do: 'cut', at })),
      cells: allBodies,
    },
    'body cut before its last byte': {
      faults: [{ do: 'cut', at: 152_999 }],
      cells: bodies({
        'list page 1': { never: 'a page is shorter' },
        'list page 2': { never: 'a page is shorter' },
        'head foreign': same,
        'read own': same,
        'read foreign': same,
        'read range': same,
      }),
    },
    'body ends early in good order': {
      faults: [{ do: 'truncate', at: 100 }],
      cells: bodies({
        ...LISTS,
        // Known by crc32c, or by MD5 where the connection is not encrypted; the classifier also knows the size from the listing.
        'head foreign': transient,
        'read own': transient,
        'read foreign': transient,
        'read range': same,
      }),
    },
    'body stalls': { faults: [{ do: 'stall', at: 100 }], cells: allBodies },
    'one byte of the body is other': {
      faults: [{ do: 'corrupt', at: 50 }],
      cells: bodies({
        ...LISTS,
        'head foreign': transient,
        'read own': transient,
        'read foreign': transient,
        'read range': {
          never:
            'S3 has no digest of a range, TLS alone vouches for it: logferry asks for ranges only to resume a checked body',
        },
      }),
    },
    'one byte of the upload is other': {
      faults: [{ do: 'corrupt-request', at: 50 }],
      cells: row(noUpload, { create: same }),
    },
    'a little late': { faults: [{ do: 'delay', ms: 50 }], cells: row(same) },
    'later than anybody waits': { faults: [{ do: 'delay', ms: 2 * SILENCE_MS }], cells: row(same) },
    'the request arrives twice': { faults: [{ do: 'duplicate' }], cells: row(same, { create: exists }) },
  });
});
