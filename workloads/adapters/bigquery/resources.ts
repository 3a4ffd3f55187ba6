import type { ApiField } from './fields.ts';

/** As much of the API's resources as is used. 64-bit numbers come as text. */
export interface DatasetResource {
  readonly location?: string;
  readonly defaultTableExpirationMs?: string;
}

export interface TableResource {
  readonly etag?: string;
  readonly type?: string;
  readonly schema?: { readonly fields?: readonly ApiField[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly numRows?: string;
}

/** One of the things that a job found wrong. */
export interface JobProblem {
  readonly reason?: string;
  readonly location?: string;
  readonly message?: string;
}

export interface JobResource {
  readonly configuration?: { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly state?: string;
    /** Present where the job failed, whatever `errors` says. */
    readonly errorResult?: JobProblem;
    readonly errors?: readonly JobProblem[];
  };
  readonly statistics?: {
    readonly totalBytesProcessed?: string;
    readonly load?: { readonly outputRows?: string };
    readonly query?: { readonly statementType?: string };
  };
}
