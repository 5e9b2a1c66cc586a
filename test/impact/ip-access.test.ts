/** Which addresses IP access lists admit, against Node's own BlockList. */
import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AccessList, admitted, everywhere, parseRange, shutOut } from '../../tools/impact/ip-access.js';

const list = (list_type: 'ALLOW' | 'BLOCK', ...ip_addresses: string[]): AccessList => ({
  list_type,
  enabled: true,
  ip_addresses,
});
const off = (each: AccessList): AccessList => ({ ...each, enabled: false });

const only = (written: string) => {
  const range = parseRange(written);
  assert.ok(range !== undefined, written);
  return [range];
};
const isAdmitted = (lists: readonly AccessList[], address: string) => admitted(lists, only(address)).length === 1;

const decisions: readonly (readonly [what: string, lists: readonly AccessList[], address: string, admits: boolean])[] =
  [
    ['no list at all', [], '203.0.113.9', true],
    ['an ALLOW list that has it', [list('ALLOW', '203.0.113.0/24')], '203.0.113.9', true],
    ['an ALLOW list without it', [list('ALLOW', '203.0.113.0/24')], '203.0.114.0', false],
    ['the last address of a range', [list('ALLOW', '203.0.113.0/24')], '203.0.113.255', true],
    ['one of two ALLOW lists', [list('ALLOW', '192.0.2.1'), list('ALLOW', '203.0.113.9')], '203.0.113.9', true],
    ['a BLOCK list that has it', [list('BLOCK', '203.0.113.9')], '203.0.113.9', false],
    ['a BLOCK list without it', [list('BLOCK', '203.0.113.9')], '203.0.113.10', true],
    ['BLOCK over ALLOW', [list('ALLOW', '0.0.0.0/0'), list('BLOCK', '203.0.113.0/29')], '203.0.113.7', false],
    ['ALLOW everything', [list('ALLOW', '0.0.0.0/0')], '255.255.255.255', true],
    ['BLOCK everything', [list('BLOCK', '0.0.0.0/0')], '0.0.0.0', false],
    ['an ALLOW list that is off', [off(list('ALLOW', '192.0.2.1'))], '203.0.113.9', true],
    ['a BLOCK list that is off', [off(list('BLOCK', '203.0.113.9'))], '203.0.113.9', true],
    ['an empty ALLOW list', [list('ALLOW')], '203.0.113.9', false],
    ['host bits in the range', [list('ALLOW', '203.0.113.77/24')], '203.0.113.9', true],
    ['IPv6 in a range', [list('ALLOW', '2001:db8:40::/48')], '2001:db8:40:ffff::1', true],
    ['IPv6 beside it', [list('ALLOW', '2001:db8:40::/48')], '2001:db8:41::', false],
    ['IPv6 where only IPv4 is allowed', [list('ALLOW', '0.0.0.0/0')], '2001:db8::1', false],
    ['IPv4 where only IPv6 is allowed', [list('ALLOW', '::/0')], '203.0.113.9', false],
    ['IPv4 written as IPv6', [list('ALLOW', '::ffff:203.0.113.0/120')], '203.0.113.9', true],
    ['a value that cannot be read', [list('ALLOW', 'office', '203.0.113.9')], '203.0.113.9', true],
  ];

for (const [what, lists, address, admits] of decisions) {
  test(`${what}: ${address} is ${admits ? 'admitted' : 'denied'}`, () => {
    assert.equal(isAdmitted(lists, address), admits);
  });
}

test('of a range of addresses the denied ones are told exactly', () => {
  const now = [list('ALLOW', '10.0.0.0/8')];
  const then = [...now, list('BLOCK', '10.0.0.128/25')];
  assert.deepEqual(shutOut(now, then, only('10.0.0.0/24')), only('10.0.0.128/25'));
  assert.deepEqual(shutOut(now, then, only('10.0.1.0/24')), []);
  assert.deepEqual(shutOut(now, then, only('192.0.2.0/24')), [], 'denied before already');
});

test('what is neither an address nor a range is not read', () => {
  const broken = ['', 'office', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/08'];
  const brokenV6 = [
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1::2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '::/129',
    '12345::',
    '::1.2.3',
  ];
  for (const written of [...broken, ...brokenV6, '1.2.3.4/8/8', ' 1.2.3.4', '1.2.3.4-1.2.3.9', 'fe80::1%eth0']) {
    assert.equal(parseRange(written), undefined, written);
  }
});

const v4 = fc.ipV4();
const v6 = fc.oneof(
  fc.ipV6(),
  fc.ipV4().map((each) => `::ffff:${each}`),
  fc.array(fc.constantFrom('0', '1', 'ff', 'ABCD'), { minLength: 8, maxLength: 8 }).map((each) => each.join(':')),
);

/** Addresses near the range as well as far from it: a random one is hardly ever inside. */
const near = (address: string, bits: number) =>
  address.includes('.') && !address.includes(':')
    ? address.replace(/\d+$/, String((Number(/\d+$/.exec(address)?.[0]) ^ (bits & 255)) & 255))
    : address;

test('text is read exactly where Node reads an address', () => {
  const pieces = fc.constantFrom('0', '1', '255', '256', '.', ':', '::', 'f', 'ffff', '1.2.3.4', '/', '01');
  fc.assert(
    fc.property(
      fc.oneof(
        v4,
        v6,
        fc.array(pieces, { maxLength: 9 }).map((each) => each.join('')),
      ),
      (text) => {
        fc.pre(!text.includes('/'));
        assert.equal(parseRange(text) !== undefined, isIP(text) !== 0, text);
      },
    ),
    { numRuns: 3000 },
  );
});

test('a range has the addresses that it has for Node', () => {
  const ranges = fc.oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 }), v4),
    fc.tuple(v6, fc.integer({ min: 0, max: 128 }), v6),
    // IPv4 in IPv6 is IPv4 as long as the range has nothing else.
    fc.tuple(
      v4.map((each) => `::ffff:${each}`),
      fc.integer({ min: 96, max: 128 }),
      v4,
    ),
  );
  fc.assert(
    fc.property(ranges, fc.integer({ min: 0, max: 255 }), fc.boolean(), ([base, prefix, other], bits, isNear) => {
      const address = isNear ? near(base, bits) : other;
      // A wide IPv6 range holds IPv4 for Node and, to be careful, not for us.
      fc.pre(!(isIP(base) === 6 && prefix < 96 && /^::ffff:/.test(address)));
      const reference = new BlockList();
      reference.addSubnet(base, prefix, isIP(base) === 6 ? 'ipv6' : 'ipv4');
      const expected = reference.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
      assert.equal(isAdmitted([list('ALLOW', `${base}/${prefix}`)], address), expected);
      assert.equal(isAdmitted([list('BLOCK', `${base}/${prefix}`)], address), !expected);
    }),
    { numRuns: 3000 },
  );
});

test('many lists decide about an address as the rule says, and sets agree with single addresses', () => {
  // Few addresses, so that ranges meet.
  const octet = fc.integer({ min: 0, max: 3 });
  const address = octet.map((last) => `10.0.0.${last}`);
  const range = fc.tuple(address, fc.integer({ min: 28, max: 32 })).map(([base, prefix]) => `${base}/${prefix}`);
  const lists = fc.array(
    fc.record({
      list_type: fc.constantFrom('ALLOW', 'BLOCK'),
      enabled: fc.boolean(),
      ip_addresses: fc.array(range, { maxLength: 4 }),
    }),
    { maxLength: 5 },
  );
  const has = (each: AccessList, wanted: string) =>
    each.ip_addresses.some((written) => {
      const [base = '', prefix] = written.split('/');
      const reference = new BlockList();
      reference.addSubnet(base, Number(prefix), 'ipv4');
      return reference.check(wanted, 'ipv4');
    });
  const rule = (all: readonly AccessList[], wanted: string) => {
    const enabled = all.filter((each) => each.enabled);
    const allow = enabled.filter((each) => each.list_type === 'ALLOW');
    const isBlocked = enabled.some((each) => each.list_type === 'BLOCK' && has(each, wanted));
    return !isBlocked && (allow.length === 0 || allow.some((each) => has(each, wanted)));
  };
  fc.assert(
    fc.property(lists, lists, (now, then) => {
      const all = Array.from({ length: 20 }, (_, last) => `10.0.0.${last}`);
      for (const each of all) assert.equal(isAdmitted(now, each), rule(now, each), each);
      const lost = all.filter((each) => rule(now, each) && !rule(then, each));
      const stretches = shutOut(now, then, all.flatMap(only));
      assert.equal(
        stretches.reduce((sum, { first, last }) => sum + (last - first) + 1n, 0n),
        BigInt(lost.length),
      );
      if (lost.length > 0) assert.ok(shutOut(now, then, everywhere).length > 0);
    }),
    { numRuns: 300 },
  );
});
