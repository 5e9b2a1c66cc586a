/** Addresses and ranges in settings: what is one and what only looks like it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddressOrRange } from '../../src/core/addresses.js';

test('addresses and ranges of both families are taken', () => {
  for (const text of [
    '203.0.113.7',
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.1.2.3/32',
    '::1',
    '2001:db8::/32',
    '::ffff:10.0.0.1/128',
  ])
    assert.equal(isAddressOrRange(text), true, text);
});

test('what only looks like an address is refused', () => {
  const others = ['', '10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8'];
  for (const text of [
    ...others,
    'localhost',
    '1',
    ':::',
    '2001:db8::/129',
    'fe80::1%eth0',
    '[::1]',
    '::1]@x[::1',
    '10.0.0.1 ',
  ])
    assert.equal(isAddressOrRange(text), false, text);
});
