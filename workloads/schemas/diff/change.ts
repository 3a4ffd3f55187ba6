/**
 * What a change means to the table and to those who read it. `additive`: rows and queries that worked still do. `breaking`: data
 * or a column goes, the table must be made anew, or rows that loaded no longer do. `cosmetic`: neither rows nor columns change.
 */
export type ChangeKind = 'additive' | 'breaking' | 'cosmetic';

/** One difference between two versions of a table's schema. */
export interface SchemaChange {
  readonly table: string;
  /** `$` = the whole type; else `$.fields.items.sku`, `$.columns.event_time`, `$.partition.by` ... */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly what: string;
}
