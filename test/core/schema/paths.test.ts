import { assertRefused, FIELD, valid } from './schema-files.ts';

const column = (path: string): object => ({
  fields: [FIELD, { name: 'j', type: 'JSON' }],
  columns: { c: { from: 'j', as: 'STRING', path } },
});

describe('schema rules: JSONPath of a derived column', () => {
  it('takes names, quoted keys and indexes', () => {
    for (const path of ['$.a', '$."@timestamp"', '$.a[0].b', '$[999999999]', '$."한글"']) valid(column(path));
  });

  it('refuses what could not be written into a statement of both engines', () => {
    for (const path of [
      '$',
      'a',
      '$.a-b',
      '$."a\tb"',
      '$."a\nb"',
      '$."it\'s"',
      '$."a\\\\b"',
      '$[1234567890]',
      '$[*]',
    ]) {
      assertRefused(column(path), '$.columns.c.path', 'text that matches', JSON.stringify(path));
    }
  });
});
