import { appendFileSync, closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScratchFullError, systemCode } from '../errors.ts';
import { systemFailure } from '../system-failure.ts';
import type { FileStamp } from '../ports/object-store.ts';
import { OWNER, OWNER_PATTERN } from './owner.ts';
import { sweep } from './sweep.ts';

/** The share of the allowance at which work stops: an evicted pod (over its emptyDir's sizeLimit) could not say why. */
const STOP_SHARE = 0.9;

/** A disk without room: for bytes or for one more file, within a quota, or in one file. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const PREFIX = 'logferry-';
const FOLDER_NAME = new RegExp(`^${PREFIX}${OWNER_PATTERN}-[A-Za-z0-9]{6}$`);

/** A file in the making. */
export interface ScratchFile {
  readonly path: string;
  write(bytes: Uint8Array): void;
  /** What the file is now, before it is closed. */
  stamp(): FileStamp;
  close(): void;
}

/**
 * Local disk for what is not finished: spools of types, long lines, files about to be uploaded. One folder a process, removed
 * at its end; what a killed process leaves there is never read by anyone, and removed by the next one on this host.
 */
export class Scratch {
  readonly folder: string;
  /** Bytes it may hold; 0 = the disk decides. */
  readonly limit: number;
  #used = 0;
  #count = 0;

  private constructor(folder: string, limit: number) {
    this.folder = folder;
    this.limit = limit;
  }

  /**
   * @param parent Folder to make it in; the system's own by default.
   * @param limit Bytes it may hold; 0 = the disk decides.
   * @param options.sweeps Whether what killed processes left there is removed.
   */
  static async create(
    parent: string = tmpdir(),
    limit = 0,
    { sweeps = true }: { readonly sweeps?: boolean } = {},
  ): Promise<Scratch> {
    if (sweeps) await sweep(parent, FOLDER_NAME, { kind: 'folder', anyHost: false });
    const folder = await mkdtemp(join(parent, `${PREFIX}${OWNER}-`)).catch((error: unknown) => {
      throw systemFailure(`Scratch: cannot make a folder in ${parent}`, error, {
        advice: 'Point --scratch (LOGFERRY_SCRATCH) at a writable folder with room for an hour of logs.',
      });
    });
    return new Scratch(folder, limit * STOP_SHARE);
  }

  /** A path that nothing has yet. */
  path(label: string): string {
    return join(
      this.folder,
      `${String(this.#count++).padStart(6, '0')}-${label.replaceAll(/[^\w.-]/g, '_')}`,
    );
  }

  /** Appends at once. @throws TerminalError where the disk or the allowance is full, before anything was committed. */
  append(path: string, bytes: Uint8Array): void {
    this.claim(bytes.length);
    try {
      appendFileSync(path, bytes);
    } catch (error) {
      this.#used -= bytes.length;
      throw this.explain(path, error);
    }
  }

  /** Counts bytes that are about to be written here by other means. */
  claim(bytes: number): void {
    if (this.limit > 0 && this.#used + bytes > this.limit) {
      throw new ScratchFullError(
        `Scratch ${this.folder}: expected at most ${Math.floor(this.limit)} bytes (90 % of the limit), needed ${this.#used + bytes}`,
        {
          advice:
            'Raise --scratch-limit (LOGFERRY_SCRATCH_LIMIT) and the disk behind it. What needed it was not committed.',
        },
      );
    }
    this.#used += bytes;
  }

  /** Removes a file of `bytes` bytes and gives them back to the allowance. */
  release(path: string, bytes: number): void {
    rmSync(path, { force: true });
    this.#used = Math.max(0, this.#used - bytes);
  }

  /** A file open for writing, for many small appends. */
  open(label: string): ScratchFile {
    const path = this.path(label);
    const fd = this.#open(path, 'wx+');
    let isClosed = false;
    return {
      path,
      write: (bytes) => {
        this.claim(bytes.length);
        try {
          for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset);
        } catch (error) {
          this.#used -= bytes.length;
          throw this.explain(path, error);
        }
      },
      stamp: () => {
        const { dev, ino, mtimeNs } = fstatSync(fd, { bigint: true });
        return { device: dev, inode: ino, modified: mtimeNs };
      },
      close: () => {
        // Once: the number may be another file's by then.
        if (isClosed) return;
        isClosed = true;
        try {
          closeSync(fd);
        } catch (error) {
          throw this.explain(path, error);
        }
      },
    };
  }

  /** A file here open for reading; whoever asked for it closes it. */
  openToRead(path: string): number {
    return this.#open(path, 'r');
  }

  #open(path: string, flags: 'r' | 'wx+'): number {
    try {
      return openSync(path, flags);
    } catch (error) {
      throw this.explain(path, error, 'opening');
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What failed work on a file here means to people: a full disk is named as one; what no disk says is a defect and stays as it is. */
  explain(path: string, error: unknown, doing: 'writing' | 'opening' | 'reading' = 'writing'): unknown {
    const code = systemCode(error);
    // Node's own codes are of wrong arguments.
    if (code === undefined || code.startsWith('ERR_')) return error;
    if (!FULL.includes(code))
      return systemFailure(`Scratch: ${doing} ${path} failed`, error, {
        advice:
          'Something removed or locked a file of the scratch folder, or its disk is failing. What needed it was not committed; run again, or point --scratch (LOGFERRY_SCRATCH) elsewhere.',
      });
    return new ScratchFullError(`Scratch: ${doing} ${path} failed, the disk is full (${code})`, {
      advice:
        'Give --scratch (LOGFERRY_SCRATCH) a disk with room for an hour of logs (df -h) and for its files (df -i). What needed it was not committed; run again.',
      cause: error,
    });
  }
}
