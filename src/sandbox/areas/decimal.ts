// Decimal strings of budgets: taken as text, answered with the server's eighteen decimals. No floating point on the way.

import { type Reader, text } from '../readers.js';

const DECIMALS = 18;

export const decimal = (): Reader<string> => {
  const read = text({ pattern: /^\d{1,20}(\.\d{1,18})?$/, hint: 'a decimal string such as "840.84"' });
  return (value, name) => {
    const [whole = '0', fraction = ''] = read(value, name).split('.');
    return `${BigInt(whole)}.${fraction.padEnd(DECIMALS, '0')}`;
  };
};
