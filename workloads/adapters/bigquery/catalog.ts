import { TransientError, UsageError } from '../../core/errors.ts';
import type { Api } from './api.ts';
import { isProjectMissing } from './reasons.ts';
import type { DatasetResource, TableResource } from './resources.ts';

/** Tries to set a label that others keep changing under us; a hint is not worth more. */
const MAX_LABEL_TRIES = 5;

/** Datasets and tables as BigQuery's catalog has them. */
export class Catalog {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * A dataset, or undefined where there is none of that name. Who has access to it is not asked for: with fine-grained control of that
   * (datasets.get, `datasetView`) it would need `bigquery.datasets.getIamPolicy`, which the loader has not.
   */
  async dataset(dataset: string): Promise<DatasetResource | undefined> {
    const what = `Dataset ${this.#name(dataset)}: cannot look at it`;
    const request = { method: 'GET', url: `/datasets/${dataset}?datasetView=METADATA` } as const;
    const { body, said = '' } = await this.#api.call({ what }, request, [404]);
    if (isProjectMissing(said)) {
      throw new UsageError(`Project ${this.#name()}: expected one that BigQuery knows, it answered ${said}`, {
        advice: 'Check the project in --warehouse (LOGFERRY_WAREHOUSE).',
      });
    }
    return body;
  }

  /** A table or view, or undefined where there is none of that name. */
  async table(dataset: string, table: string): Promise<TableResource | undefined> {
    const what = `Table ${this.#name(dataset, table)}: cannot look at it`;
    const request = { method: 'GET', url: path(dataset, table) } as const;
    const { body } = await this.#api.call({ what, context: { table } }, request, [404]);
    return body;
  }

  /** Lets a table go; one that is not there is gone already. */
  async drop(dataset: string, table: string): Promise<void> {
    const what = `Table ${this.#name(dataset, table)}: cannot drop it`;
    await this.#api.call(
      { what, context: { table } },
      { method: 'DELETE', url: path(dataset, table) },
      [404],
    );
  }

  /** Lets a table expire. One that is gone by now is left to whoever reads it. @param at Milliseconds since 1970. */
  async expire(dataset: string, table: string, at: number): Promise<void> {
    const what = `Table ${this.#name(dataset, table)}: cannot let it expire`;
    const json = { expirationTime: String(at) };
    await this.#api.call(
      { what, context: { table } },
      { method: 'PATCH', url: path(dataset, table), json },
      [404],
    );
  }

  /** Sets one label where nobody changed the table since it was looked at, or looks again. */
  async setLabel(dataset: string, table: string, key: string, value: string): Promise<void> {
    const name = this.#name(dataset, table);
    const call = { what: `Table ${name}: cannot set the label ${key}`, context: { table } };
    for (let attempt = 1; attempt <= MAX_LABEL_TRIES; attempt++) {
      const { etag, labels = {} } = (await this.table(dataset, table)) ?? {};
      if (labels[key] === value) return;
      const { status } = await this.#api.call(
        call,
        {
          method: 'PATCH',
          url: path(dataset, table),
          headers: etag === undefined ? {} : { 'if-match': etag },
          json: { labels: { ...labels, [key]: value } },
        },
        [412],
      );
      if (status !== 412) return;
    }
    throw new TransientError(
      `${call.what}: expected to set it within ${MAX_LABEL_TRIES} tries, others changed the table each time`,
      { advice: 'It is only a hint, and the next load sets it.', context: { table } },
    );
  }

  #name(...parts: readonly string[]): string {
    return [this.#api.place.project, ...parts].join('.');
  }
}

const path = (dataset: string, table: string): string =>
  `/datasets/${dataset}/tables/${encodeURIComponent(table)}`;
