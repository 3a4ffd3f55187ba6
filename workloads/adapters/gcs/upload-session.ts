import type { GoogleClient } from '../../core/google/google-client.ts';
import { AnswerError } from '../../core/network/answer.ts';
import { askProgress, beginSession, putRest, type NewObject, type Stored } from './upload.ts';

/** An upload of one object that goes on where it stopped, and begins anew where GCS gave it up. */
export class UploadSession {
  readonly #client: GoogleClient;
  readonly #object: NewObject;
  readonly #onProgress: () => void;
  #url: string | undefined;
  /** Whether bytes were sent to the session whose fate is not known. */
  #sent = false;
  /** Bytes that GCS kept, as far as it said. */
  #kept = 0;

  /** @param onProgress Called when GCS has more of the object than it had before. */
  constructor(client: GoogleClient, object: NewObject, onProgress: () => void) {
    this.#client = client;
    this.#object = object;
    this.#onProgress = onProgress;
  }

  /** Sends what is not there yet. May be called again after it failed. */
  async put(): Promise<Stored> {
    const url = this.#url ?? (await this.#begin());
    try {
      return await this.#go(url);
    } catch (error) {
      throw this.#afterwards(error);
    }
  }

  async #begin(): Promise<string> {
    this.#sent = false;
    this.#kept = 0;
    return (this.#url = await beginSession(this.#client, this.#object));
  }

  async #go(url: string): Promise<Stored> {
    const { file } = this.#object;
    if (this.#sent) {
      const progress = await askProgress(this.#client, url, file);
      if ('stored' in progress) return progress.stored;
      this.#keep(progress.next);
    }
    this.#sent = true;
    const progress = await putRest(this.#client, url, file, this.#kept);
    if ('stored' in progress) return progress.stored;
    this.#keep(progress.next);
    throw new AnswerError(308, '', `kept ${progress.next} of ${file.size} bytes`);
  }

  #keep(bytes: number): void {
    if (bytes > this.#kept) this.#onProgress();
    this.#kept = bytes;
  }

  /** A refusal ends the session; 404 and 410 say no more than that it is gone, and would otherwise be taken for the bucket. */
  #afterwards(error: unknown): unknown {
    if (!(error instanceof AnswerError) || error.status < 400 || error.status >= 500) return error;
    if (error.status === 408 || error.status === 429) return error;
    this.#url = undefined;
    return error.status === 404
      ? new AnswerError(410, error.reason, `the upload session is gone: ${error.message}`, error)
      : error;
  }
}
