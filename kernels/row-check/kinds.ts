// What a member's values are.

export const STRING: u8 = 0;
export const INTEGER: u8 = 1;
export const FLOAT: u8 = 2;
export const NUMERIC: u8 = 3;
export const BOOLEAN: u8 = 4;
export const TIMESTAMP: u8 = 5;
export const DATE: u8 = 6;
export const TIME: u8 = 7;
export const DATETIME: u8 = 8;
export const BYTES: u8 = 9;
export const JSON: u8 = 10;
export const RECORD: u8 = 11;
export const REPEATED: u8 = 12;
