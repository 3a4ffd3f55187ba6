import type { types } from '@pulumi/gcp';
import { fieldsByName } from '../../workloads/core/schema/cover.ts';
import type { Field, LogType } from '../../workloads/core/schema/log-type.ts';

/** A day in milliseconds, BigQuery's unit of expiration. */
const DAY_MS = 86_400_000;

/** A field as BigQuery's API gives it back: always a mode, the legacy names of types, a description only where there is one. */
interface ApiField {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly description?: string;
  readonly fields?: readonly ApiField[];
}

/**
 * The schema in one normal form, the API's own: the provider compares names, types, modes and descriptions and not their order or
 * spelling, but Pulumi shows the text, so that equal schemas have to be equal texts for a preview to be empty.
 */
export function tableSchemaJson(fields: readonly Field[]): string {
  return JSON.stringify(fields.map(apiField));
}

function apiField({ name, type, mode, description, fields }: Field): ApiField {
  return {
    name,
    type,
    mode,
    ...(description === undefined || description === '' ? {} : { description }),
    ...(fields === undefined ? {} : { fields: fields.map(apiField) }),
  };
}

/**
 * A type's table is partitioned by the folder hour, for rows are counted, deleted and inserted by it: a commit then reads and
 * rewrites one partition. Neither `type` nor `field` can change afterwards: the provider makes the table anew for another field, and
 * for another type BigQuery refuses its update in the middle of an `up`.
 * @param expirationEnds The deployed table expires and the schema no longer says so. The provider keeps an expiration that is merely
 *   left out (the property is "computed"), and rows would go on vanishing: 0 is how it is told that there is none. Sent on that one
 *   run only: the API gives no 0 back, and a refresh would show it as a change for ever.
 */
export function timePartitioning(
  { partition: { by, expirationDays } }: LogType,
  expirationEnds: boolean,
): types.input.bigquery.TableTimePartitioning {
  const expirationMs = expirationDays === undefined ? undefined : expirationDays * DAY_MS;
  const sent = expirationMs ?? (expirationEnds ? 0 : undefined);
  return { type: by, field: 'folder_hour', ...(sent === undefined ? {} : { expirationMs: sent }) };
}

/**
 * `folder_hour`, then what the schema names (BigQuery: at most four in all; the schema's rules allow three). In an hour's partition
 * all rows have one folder hour, so that there only the schema's columns count. Changed in place: rows that are there stay as they
 * lie until BigQuery clusters them again, new ones follow.
 */
export function clusterings({ partition, clustering }: LogType, fields: readonly Field[]): string[] {
  // The table's spelling of a name: an older one stays where a schema only changed the case.
  const byName = fieldsByName(fields);
  const named = clustering.map((name) => byName.get(name)?.name ?? name);
  return partition.by === 'HOUR' ? named : ['folder_hour', ...named];
}
