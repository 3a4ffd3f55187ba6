import { readFileSync } from 'node:fs';
import process from 'node:process';
import { DuckDBInstance } from '@duckdb/node-api';

// DuckDB's own load, which checks nothing: node duckdb-load.js <statements> <database>; the statements are an array in a JSON file.

const [, , statements, database] = process.argv;
const instance = await DuckDBInstance.create(database, { threads: '2' });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
await connection.run('SET preserve_insertion_order = false');
for (const statement of JSON.parse(readFileSync(statements, 'utf8'))) await connection.run(statement);
connection.closeSync();
instance.closeSync();
