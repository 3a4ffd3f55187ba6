import { MissingWarehouseError, NotReadyError, UsageError } from '../../core/errors.ts';
import type { Warehouse, WarehouseSession } from '../../core/ports/warehouse.ts';
import { Api, type ApiOptions } from './api.ts';
import type { BigQueryLocation } from './bigquery-url.ts';
import { Catalog } from './catalog.ts';
import { Jobs, POLL, type PollPolicy } from './jobs.ts';
import type { QueryLimits } from './query.ts';
import type { DatasetResource } from './resources.ts';
import { BigQuerySession } from './session.ts';

/** What may be set besides the place. */
export interface BigQueryWarehouseOptions extends ApiOptions {
  readonly poll?: PollPolicy;
  readonly limits?: QueryLimits;
}

/** How long a TEMP table stays where its dataset says nothing: longer than any load, in milliseconds. */
const TEMP_MS = 24 * 3_600_000;

/**
 * BigQuery: three datasets of one project. Tables belong to the Pulumi program and are only looked at; TEMP tables are made by load
 * jobs, expire, and are dropped behind the commit.
 */
export class BigQueryWarehouse implements Warehouse {
  readonly url: string;
  readonly #api: Api;
  readonly #options: BigQueryWarehouseOptions;
  /** The TEMP dataset once all three were looked at: they do not move. */
  #looked: Promise<DatasetResource> | undefined;

  /** @throws UsageError where the environment holds credentials that logferry refuses. */
  constructor(place: BigQueryLocation, options: BigQueryWarehouseOptions = {}) {
    this.url = place.url;
    this.#api = new Api(place, options);
    this.#options = options;
  }

  async session<T>(
    work: (session: BigQuerySession & WarehouseSession) => Promise<T>,
    { readOnly = false } = {},
  ): Promise<T> {
    const temp = await this.#look(readOnly);
    const { poll = POLL, limits = {}, signal } = this.#options;
    const jobs = new Jobs(this.#api, poll, signal);
    const tempMs = Number(temp.defaultTableExpirationMs ?? TEMP_MS);
    return work(new BigQuerySession({ api: this.#api, jobs, readOnly, tempMs, limits }));
  }

  async #look(readOnly: boolean): Promise<DatasetResource> {
    this.#looked ??= this.#lookAtDatasets(readOnly);
    try {
      return await this.#looked;
    } catch (error) {
      this.#looked = undefined;
      throw error;
    }
  }

  /** A dataset that is not there, or elsewhere, would be told by each call in words of its own. */
  async #lookAtDatasets(readOnly: boolean): Promise<DatasetResource> {
    const catalog = new Catalog(this.#api);
    const { raw, temp, ops } = this.#api.place;
    const [, found] = await Promise.all(
      Object.entries({ raw, temp, ops }).map(async ([parameter, dataset]) => {
        const resource = await catalog.dataset(dataset);
        if (resource === undefined) throw this.#missing(parameter, dataset, readOnly);
        this.#assertPlace(dataset, resource);
        return resource;
      }),
    );
    return found!;
  }

  #missing(parameter: string, dataset: string, readOnly: boolean): NotReadyError {
    const name = `${this.#api.place.project}.${dataset}`;
    const message = `Warehouse ${this.url}: expected the dataset ${name} (${parameter}=), found none`;
    const advice = `Run "pulumi up", which makes it, or check ${parameter}= and the project in --warehouse (LOGFERRY_WAREHOUSE).`;
    return readOnly ? new MissingWarehouseError(message, { advice }) : new NotReadyError(message, { advice });
  }

  #assertPlace(dataset: string, { location }: DatasetResource): void {
    const { project, location: expected } = this.#api.place;
    if (location === undefined || location.toLowerCase() === expected.toLowerCase()) return;
    throw new UsageError(
      `Warehouse ${this.url}: expected the dataset ${project}.${dataset} in ${expected}, found it in ${location}`,
      {
        advice: `Set location=${location} in --warehouse (LOGFERRY_WAREHOUSE), or name the dataset of that place; all three must be in one.`,
      },
    );
  }
}
