import { ZetaSQLClient } from '@fivetrandevelopers/zetasql';
import type { AnalyzeResponse__Output } from '@fivetrandevelopers/zetasql/lib/types/zetasql/local_service/AnalyzeResponse.js';
import type { EvaluateModifyResponse__Output } from '@fivetrandevelopers/zetasql/lib/types/zetasql/local_service/EvaluateModifyResponse.js';
import type { EvaluateQueryRequest } from '@fivetrandevelopers/zetasql/lib/types/zetasql/local_service/EvaluateQueryRequest.js';
import type { EvaluateQueryResponse__Output } from '@fivetrandevelopers/zetasql/lib/types/zetasql/local_service/EvaluateQueryResponse.js';
import type { AnalyzerOptionsProto } from '@fivetrandevelopers/zetasql/lib/types/zetasql/AnalyzerOptionsProto.js';
import type { LanguageOptionsProto } from '@fivetrandevelopers/zetasql/lib/types/zetasql/LanguageOptionsProto.js';
import type { SimpleCatalogProto } from '@fivetrandevelopers/zetasql/lib/types/zetasql/SimpleCatalogProto.js';
import type { TypeProto__Output } from '@fivetrandevelopers/zetasql/lib/types/zetasql/TypeProto.js';
import { after, before } from 'mocha';
import type { Statement } from '../../workloads/core/ports/warehouse.ts';
import type { Tables } from './bigquery-names.ts';
import { itIf } from './skip.ts';
import { serverProblem, startServer } from './zetasql-server.ts';
import { fromZetasql, spellType, toValue, typeOf, type Cell, type Normal } from './zetasql-values.ts';

/** A row to store, by column; columns that it lacks are NULL. */
export type Stored = Readonly<Record<string, Cell>>;
/** Rows by the name that statements use for their table; tables that are not listed are empty. */
export type Content = ReadonlyMap<string, readonly Stored[]>;

export interface Column {
  readonly name: string;
  readonly type: TypeProto__Output;
}

/** What a query answers. */
export interface Answer {
  readonly columns: readonly Column[];
  /** Values in the order of the columns. */
  readonly rows: readonly (readonly Normal[])[];
}

interface QueryNode {
  readonly outputColumnList: readonly {
    readonly name: string;
    readonly column: { readonly type: TypeProto__Output };
  }[];
}

/** Google's analyser and reference evaluator of GoogleSQL, set to what users of BigQuery see. */
export class ZetaSql {
  readonly #language: LanguageOptionsProto;
  readonly #stop: () => void;

  private constructor(language: LanguageOptionsProto, stop: () => void) {
    this.#language = language;
    this.#stop = stop;
  }

  static async start(): Promise<ZetaSql> {
    const { stop } = await startServer(async (port) => {
      ZetaSQLClient.init(port);
      await call<unknown>((done) => ZetaSQLClient.API.waitForReady(Date.now() + 20_000, done));
    });
    const features = await ZetaSQLClient.getInstance().getLanguageOptions({ maximumFeatures: true });
    const language: LanguageOptionsProto = {
      enabledLanguageFeatures: features!.enabledLanguageFeatures,
      productMode: 'PRODUCT_EXTERNAL',
      reservedKeywords: ['QUALIFY'],
      // None listed means every kind of statement.
      supportedStatementKinds: [],
    };
    return new ZetaSql(language, stop);
  }

  stop(): void {
    ZetaSQLClient.API.close();
    this.#stop();
  }

  /** The columns of a query's answer, none for DML. @throws what is wrong with a statement, in GoogleSQL's own words. */
  async analyse(statement: Statement, tables: Tables): Promise<readonly Column[]> {
    const answer = await call<AnalyzeResponse__Output>((done) =>
      ZetaSQLClient.API.analyze(
        {
          options: this.#options(statement),
          simpleCatalog: this.#catalog(tables),
          sqlStatement: statement.sql,
        },
        done,
      ),
    );
    const { resolvedQueryStmtNode: query } = answer.resolvedStatement as unknown as {
      resolvedQueryStmtNode?: QueryNode;
    };
    return (query?.outputColumnList ?? []).map(({ name, column }) => ({ name, type: column.type }));
  }

  async query(statement: Statement, tables: Tables, content: Content): Promise<Answer> {
    const request = this.#request(statement, tables, content);
    const answer = await call<EvaluateQueryResponse__Output>((done) =>
      ZetaSQLClient.API.evaluateQuery(request, done),
    );
    const columns = answer.prepared!.columns.map(({ name, type }) => ({ name, type: type! }));
    const rows = answer.content!.tableData!.row.map(({ cell }) =>
      columns.map(({ type }, index) => fromZetasql(type, cell[index]!)),
    );
    return { columns, rows };
  }

  /** The rows that an INSERT adds, or an UPDATE makes, in the order of the table's columns. Nothing is stored. */
  async modify(statement: Statement, tables: Tables, content: Content): Promise<Answer> {
    const { tableName, content: modified } = await this.#modify(statement, tables, content);
    const target = [...tables].find(([name]) => bare(name) === tableName)![1];
    const columns = target.map((field) => ({ name: field.name, type: typeOf(field) as TypeProto__Output }));
    const rows = modified.map(({ cell }) =>
      columns.map(({ type }, index) => fromZetasql(type, cell[index]!)),
    );
    return { columns, rows };
  }

  /** How many rows a DELETE takes away; of a table without a key ZetaSQL does not tell which. Nothing is stored. */
  async deleted(statement: Statement, tables: Tables, content: Content): Promise<number> {
    return (await this.#modify(statement, tables, content)).content.length;
  }

  #modify(statement: Statement, tables: Tables, content: Content): Promise<EvaluateModifyResponse__Output> {
    const request = this.#request(statement, tables, content);
    return call((done) => ZetaSQLClient.API.evaluateModify(request, done));
  }

  #options({ params }: Statement): AnalyzerOptionsProto {
    return {
      languageOptions: this.#language,
      // Parameters are text: what is not, the statements cast (design 5.5).
      queryParameters: Object.keys(params).map((name) => ({ name, type: { typeKind: 'TYPE_STRING' } })),
      defaultTimezone: 'UTC',
    };
  }

  #catalog(tables: Tables): SimpleCatalogProto {
    return {
      name: 'bigquery',
      table: [...tables].map(([name, fields]) => ({
        name: bare(name),
        column: fields.map((field) => ({ name: field.name, type: typeOf(field) })),
      })),
      builtinFunctionOptions: { languageOptions: this.#language },
    };
  }

  #request(statement: Statement, tables: Tables, content: Content) {
    const data = [...tables].map(([name, fields]) => {
      const rows = content.get(name) ?? [];
      const row = rows.map((stored) => ({
        cell: fields.map((field) => toValue(field, stored[field.name] ?? null)),
      }));
      return [bare(name), { tableData: { row } }] as const;
    });
    return {
      sql: statement.sql,
      options: this.#options(statement),
      simpleCatalog: this.#catalog(tables),
      tableContent: Object.fromEntries(data),
      params: Object.entries(statement.params).map(([name, value]) => ({
        name,
        value: value === null ? {} : { stringValue: String(value) },
      })),
    } satisfies EvaluateQueryRequest;
  }
}

/** Columns as `name TYPE`, spelled as BigQuery does. */
export function spellColumns(columns: readonly Column[]): string[] {
  return columns.map(({ name, type }) => `${name} ${spellType(type)}`);
}

/** `it` for tests that need ZetaSQL, and the server that the tests of the calling `describe` share. */
export function zetasqlTests(): { readonly it: ReturnType<typeof itIf>; readonly zetasql: () => ZetaSql } {
  const problem = serverProblem();
  let server: ZetaSql | undefined;
  before(async () => {
    if (problem === undefined) server = await ZetaSql.start();
  });
  after(() => server?.stop());
  return { it: itIf(problem === undefined, problem ?? ''), zetasql: () => server! };
}

/** The catalog knows names without their backticks. */
const bare = (name: string): string => name.replaceAll('`', '');

/** A gRPC call as a promise; its error says what the server said. */
function call<T>(
  send: (done: (error?: (Error & { details?: string }) | null, value?: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, value) => {
      if (error) reject(new Error(error.details ?? error.message, { cause: error }));
      else resolve(value as T);
    });
  });
}
