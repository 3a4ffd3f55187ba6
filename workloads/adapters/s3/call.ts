/** One call, as far as a message tells of it. */
export interface Call {
  readonly doing: 'list' | 'look at' | 'read' | 'create';
  /** `s3://bucket/prefix/key`, or the prefix that is listed. */
  readonly object: string;
  /** Relative to the store; undefined for a listing. */
  readonly key?: string;
  /** The version that a read is bound to. */
  readonly etag?: string | undefined;
  readonly bucket: string;
  readonly region: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}
