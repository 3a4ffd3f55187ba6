import process from 'node:process';
import { DuckDBInstance } from '@duckdb/node-api';

// The classification in DuckDB: node duckdb-classify.js <file or glob> <folder> [gzip]

const [, , source = '', folder = '', compression = 'none'] = process.argv;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/**
 * Lines as they stand, each to the file of its type. One CSV column whose delimiter never occurs (a raw 0x01 is no JSON) is read and
 * written without a look at quotes: as fast as read_json_objects, which was tried, and with the same bytes. Rows keep no order, which
 * lets both threads work: DuckDB's best.
 */
const PLAIN_COLUMN = `'\u0001'`;
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run('SET preserve_insertion_order = false');
await connection.run(`
  COPY (
    SELECT line, json_extract_string(line, '$.log_type') AS log_type
    FROM read_csv(${quoted(source)}, columns = {'line': 'VARCHAR'}, delim = ${PLAIN_COLUMN}, quote = '', escape = '',
      header = false, auto_detect = false, max_line_size = 2000000)
  ) TO ${quoted(folder)} (FORMAT csv, PARTITION_BY (log_type), DELIMITER ${PLAIN_COLUMN}, QUOTE '', ESCAPE '', HEADER false,
    COMPRESSION ${quoted(compression)})`);
