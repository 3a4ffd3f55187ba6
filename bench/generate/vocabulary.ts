/** What texts are made of: words as apps log them, in two languages. */
export const WORDS: readonly string[] = [
  ...'session checkout payment confirmed retry timeout upstream request cache miss hit level quest reward weapon armor match lobby'.split(
    ' ',
  ),
  ...'android ios Mozilla/5.0 AppleWebKit/537.36 https://cdn.example.test/assets/icon.png order.created user-agent GET POST 200 404 503'.split(
    ' ',
  ),
  ...'게임 아이템 구매 완료 서울 결제 오류 시간초과 다시 시도 접속 종료 매칭 보상 길드 친구 초대 점검 공지'.split(
    ' ',
  ),
];

/** What comes now and then: emoji, escapes, and words that a careless search for the type key falls for. */
export const ODD_WORDS: readonly string[] = [
  '👍',
  '🎮🔥',
  '👨‍👩‍👧‍👦',
  '🇰🇷',
  '\\u0041\\u00e9\\uac00',
  '\\ud83d\\ude00',
  '\\"quoted\\"',
  'C:\\\\Games\\\\log_type',
  'line\\nbreak\\ttab',
  '\\/path\\/to',
  '\\"log_type\\":\\"decoy\\"',
  '{\\"log_type\\": \\"decoy\\"}',
  'log_type',
];

/** Names of columns beyond those that every type has; a type takes a run of them. */
export const COLUMNS = [
  ['user_id', 'id'],
  ['session_id', 'hex'],
  ['platform', 'word'],
  ['app_version', 'version'],
  ['amount', 'money'],
  ['duration_ms', 'count'],
  ['is_new', 'boolean'],
  ['happened_at', 'timestamp'],
  ['region', 'word'],
  ['origin', 'origin'],
  ['score', 'float'],
  ['tags', 'words'],
  ['day', 'date'],
  ['item_id', 'id'],
  ['item_name', 'phrase'],
  ['quantity', 'small'],
  ['balance', 'money'],
  ['country', 'word'],
  ['device', 'device'],
  ['latency', 'float'],
  ['status', 'small'],
  ['trace_id', 'hex'],
  ['referrer', 'phrase'],
  ['is_test', 'boolean'],
  ['expires_at', 'timestamp'],
  ['guild', 'phrase'],
] as const;

export type Kind = (typeof COLUMNS)[number][1];
