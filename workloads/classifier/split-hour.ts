import { DamagedObjectError } from '../core/compression/damage.ts';
import { decode } from '../core/compression/decode.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import { readLines } from '../core/lines/read-lines.ts';
import type { ManifestSource, SplitFindings } from '../core/manifest.ts';
import type { Plan } from '../core/plan.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import { setAsideId, SetAsideWriter } from '../core/set-aside/writer.ts';
import type { ClassifierContext } from './context.ts';
import { LineRouter } from './line-router.ts';
import { readPlanned } from './read-planned.ts';
import { StagedTypes } from './staged-types.ts';

/** What became of the lines of some of an hour's objects; the parts are published, the quarantine is not yet. */
export interface SplitHour extends SplitFindings {
  readonly quarantine: SetAsideWriter;
}

/** What is to be split, and what its parts are named after. */
export interface SplitWork {
  readonly hour: FolderHour;
  readonly plan: Plan;
  readonly fingerprint: string;
  readonly shard: string;
}

type Damage = ReadonlyMap<string, DamagedObjectError>;

/**
 * Splits all objects of a plan by type. Lines are counted on while an object is still being decoded; where its end turns out to
 * be broken, everything is thrown away and split again without it: damage is rare, and a second decoding of every object is not.
 */
export async function splitHour(context: ClassifierContext, work: SplitWork): Promise<SplitHour> {
  let damage: Damage = new Map();
  for (;;) {
    const attempt = new SplitAttempt(context, work, damage);
    try {
      return await attempt.run();
    } catch (error) {
      attempt.discard();
      if (!(error instanceof DamagedObjectError) || attempt.current === undefined) throw error;
      damage = await findDamage(context, work.plan, damage, attempt.current, error);
    }
  }
}

/** Decodes what was not reached yet, so that ten broken objects cost two passes and not eleven. */
async function findDamage(
  { source, ring, logger, signal }: ClassifierContext,
  plan: Plan,
  known: Damage,
  broken: ObjectInfo,
  error: DamagedObjectError,
): Promise<Damage> {
  const damage = new Map([...known, [broken.key, error]]);
  for (const object of plan.slice(plan.indexOf(broken) + 1)) {
    checkInterrupt(signal);
    try {
      const body = await readPlanned(source, object, ring);
      for await (const chunk of decode(body, { from: 'source', size: object.size }))
        if (chunk.length > 0) checkInterrupt(signal);
    } catch (cause) {
      if (!(cause instanceof DamagedObjectError)) throw cause;
      damage.set(object.key, cause);
    }
  }
  for (const [key, { reason, message }] of damage) {
    logger.log(
      'WARNING',
      `Object ${source.url}/${key} is damaged, ${reason} (${message}): quarantined whole, none of its lines counts`,
      {
        object: key,
        reason,
      },
    );
  }
  return damage;
}

class SplitAttempt {
  readonly #context: ClassifierContext;
  readonly #hour: FolderHour;
  readonly #plan: Plan;
  readonly #damage: Damage;
  readonly #staged: StagedTypes;
  readonly #quarantine: SetAsideWriter;
  readonly #router: LineRouter;
  readonly #total: number;
  #done = 0;
  /** The object being read. */
  current: ObjectInfo | undefined;

  constructor(context: ClassifierContext, { hour, plan, fingerprint, shard }: SplitWork, damage: Damage) {
    const pool = new SpoolPool(context.scratch);
    const { staging, compression, partBytes } = context;
    this.#context = context;
    this.#hour = hour;
    this.#plan = plan;
    this.#damage = damage;
    this.#staged = new StagedTypes({ staging, pool, hour, fingerprint, shard, compression, partBytes });
    this.#quarantine = new SetAsideWriter(pool);
    this.#router = new LineRouter(context.typeKey, context.schemas, this.#staged, this.#quarantine);
    this.#total = plan.reduce((sum, { size }) => sum + size, 0);
  }

  async run(): Promise<SplitHour> {
    const sources: ManifestSource[] = [];
    for (const object of this.#plan) {
      checkInterrupt(this.#context.signal);
      this.current = object;
      const damage = this.#damage.get(object.key);
      sources.push(damage === undefined ? await this.#split(object) : await this.#setAside(object, damage));
    }
    this.current = undefined;
    const types = await this.#staged.finish((done, total) => {
      checkInterrupt(this.#context.signal);
      this.#report(`compressing ${done}/${total}`);
    });
    const { blank, quarantined, reasons, duplicateTypeKeys } = this.#router;
    const { rows: staged } = this.#staged;
    return {
      sources,
      blank,
      staged,
      quarantined,
      reasons,
      duplicateTypeKeys,
      types: [...types.values()],
      quarantine: this.#quarantine,
    };
  }

  discard(): void {
    this.#staged.discard();
    this.#quarantine.discard();
  }

  async #split(object: ObjectInfo): Promise<ManifestSource> {
    const { key, etag, size } = object;
    const { source, ring, scratch, signal } = this.#context;
    let read = 0;
    const body = await readPlanned(source, object, ring, (bytes) => (read += bytes));
    const { lines, bytes } = await readLines(
      body,
      { from: 'source', size },
      scratch,
      (line) => this.#router.route(line, { key, etag }),
      async () => {
        checkInterrupt(signal);
        this.#report(key, read);
        await this.#staged.publishFull();
      },
      this.#router,
    );
    this.#done += size;
    this.#report(key);
    return { key, etag, size, lines, bytes };
  }

  /** Takes a broken object's stored bytes into the quarantine as they are. */
  async #setAside(object: ObjectInfo, damage: DamagedObjectError): Promise<ManifestSource> {
    const { key, etag, size } = object;
    const { source, ring, signal } = this.#context;
    const { binOffset } = this.#quarantine;
    for await (const chunk of await readPlanned(source, object, ring)) {
      checkInterrupt(signal);
      this.#quarantine.append(chunk);
      await this.#quarantine.settle();
    }
    this.#quarantine.add({
      id: setAsideId(key, etag, 0),
      object: key,
      etag,
      line: null,
      byteOffset: 0,
      length: size,
      binOffset,
      type: null,
      reason: `object_${damage.reason}`,
      field: null,
      expected: null,
      found: null,
    });
    this.#done += size;
    return { key, etag, size, lines: 0, bytes: 0, damaged: damage.reason };
  }

  #report(detail: string, read = 0): void {
    const { progress } = this.#context;
    progress({ phase: 'classify', hour: this.#hour, done: this.#done + read, total: this.#total, detail });
  }
}
