/**
 * The scenarios this project promises to withstand, and where each is proven: the words of a test title or of a row in
 * the named file. What the fault table proves is added from the table itself.
 */
import { type Scenario, scenario } from '../scenario.js';
import { allCases } from './cases.js';

const stdio = 'test/mcp/hostile-input.test.ts';
const lifecycle = 'test/mcp/lifecycle.test.ts';
const longCalls = 'test/mcp/long-calls.test.ts';
const input = 'test/core/input.test.ts';
const paths = 'test/core/path-safety.test.ts';
const http = 'test/databricks/http.test.ts';
const tls = 'test/databricks/http-tls.test.ts';
const session = 'test/databricks/session.test.ts';
const token = 'test/databricks/token.test.ts';
const creates = 'test/settle/creates.test.ts';
const changes = 'test/settle/changes.test.ts';
const crowd = 'test/faults/crowd.test.ts';
const errors = 'test/core/upstream-errors.test.ts';

export const scenarios: readonly Scenario[] = [
  scenario('S001', 'malformed line on stdio', [
    [stdio, 'a line that is no JSON'],
    ['test/fuzz/protocol.test.ts', 'no bytes keep it from answering'],
  ]),
  scenario('S002', 'line of 11 MB without an end', [[stdio, 'gives up over a line of 11 MB']]),
  scenario('S003', 'split UTF-8, CRLF, two messages in one chunk', [
    [stdio, 'two messages in one chunk'],
    [stdio, 'a character whose bytes come apart'],
  ]),
  scenario('S004', 'something else prints to stdout', [[lifecycle, 'carries protocol only']]),
  scenario('S005', 'argument nested 200 000 deep', [
    [stdio, 'nested 200 000 deep'],
    [input, '200,000 levels deep'],
  ]),
  scenario('S006', '`__proto__` and `constructor` in arguments', [
    [stdio, '__proto__ inside an operation'],
    [input, 'keys of the prototype'],
  ]),
  scenario('S007', 'undeclared argument', [[input, 'refuses an unknown argument']]),
  scenario('S008', 'wrong type for every parameter of every tool', [
    [input, 'every parameter of every action refuses every wrong type'],
    [input, 'whatever an action is given'],
  ]),
  scenario('S009', 'id that tries to leave its path segment', [[paths, 'no path parameter of any action']]),
  scenario('S010', 'SCIM filter injection', [['test/fuzz/scim.test.ts', 'exactly one comparison with that value']]),

  scenario(
    'S039',
    'list of 100 000 entries',
    [
      ['test/execute/collect.test.ts', 'collecting stops at a bound'],
      ['test/fuzz/settle.test.ts', 'tampered with or made up'],
    ],
    'Bounds are tested with small lists; no test makes 100 000 entries.',
  ),
  scenario(
    'S040',
    'usage file of 800 MB',
    [['test/usage/file.test.ts', 'needs no more memory for 64 MB']],
    'Tested with 64 MB: memory does not grow with the size, and the suite stays quick.',
  ),
  scenario('S041', 'same failing call over and over', [[changes, 'answered from memory after five times']]),
  scenario('S042', '1 000 calls at once on one pipe', [[crowd, 'a thousand calls at once']]),
  scenario('S043', 'cancelled before, during and after a call', [
    [longCalls, 'ends the request at Databricks'],
    [session, 'cancelled before it is sent sends nothing'],
    [changes, 'a caller who gives up leaves'],
  ]),
  scenario('S044', 'client leaves or dies while a call is in flight', [
    [lifecycle, 'still answers the call in flight'],
    [lifecycle, 'nobody reads its answers any more'],
  ]),
  scenario(
    'S045',
    'unsupported protocol version, missing `_meta`',
    [['test/mcp/clients.test.ts', 'is told who the server is']],
    'Versions that are supported are tested; the refusal of others belongs to the MCP SDK and has no test here.',
  ),

  scenario('S046', 'host unknown to DNS', [[http, 'a host that DNS does not know']]),
  scenario('S047', 'connection refused, then not', [[session, 'after a connection that was refused is repeated']]),
  scenario(
    'S048',
    'certificate that is self-signed or for another name',
    [
      [tls, 'a certificate nobody vouches for'],
      [tls, 'a certificate for another name'],
    ],
    'Expired certificates and TLS 1.0 are left to Node and have no test.',
  ),
  scenario('S049', 'corporate certificate authority', [[tls, 'an extra certificate authority makes it trusted']]),
  scenario('S050', 'proxies', [
    [tls, 'HTTPS_PROXY is used by CONNECT'],
    [tls, 'without its password'],
  ]),
  scenario(
    'S051',
    'reset before any byte of a create',
    [[creates, 'lost before the effect']],
    'A reset before the effect looks like one after it. A create is not repeated: it is `unknown` and says how to check.',
  ),
  scenario('S052', 'reset after the effect of a create', [[creates, 'by a reset']]),
  scenario('S053', 'stall after the effect of a create', [[session, 'stalls beyond its time is sent exactly once']]),
  scenario('S054', '503 with Retry-After after the effect', [[creates, 'behind a 503']]),
  scenario('S055', '500, 502, 504 after the effect', [['test/execute/execute.test.ts', 'is sent exactly once']]),
  scenario('S056', 'the same for changes and removals', [[changes, 'lost after the effect, it is seen']]),
  scenario('S057', 'answer to a removal lost', [[changes, 'delete_group']]),
  scenario('S058', 'settling read that is stale or fails', [[creates, 'still shows the old state']]),
  scenario('S059', 'one of that name was there before', [[creates, 'is not taken for the new one']]),
  scenario('S060', 'half-open connection', [[http, 'ends in a timeout and a closed socket']]),
  scenario('S061', 'slow drip', [[http, 'ends in a timeout and a closed socket']]),
  scenario('S062', 'truncated body', [[http, 'is a failure that may have been carried out']]),
  scenario('S063', 'contradicting framing, bytes behind an answer', [
    [http, 'bytes behind an answer'],
    ['test/fuzz/http.test.ts', 'the next request gets its own answer'],
  ]),
  scenario('S064', 'broken JSON, wrong shape, nothing', [['test/core/answers-on-the-wire.test.ts', 'wrong shape']]),
  scenario('S065', 'login page or redirect to it', [[session, 'is named, with what to check']]),
  scenario('S066', 'private-link redirect', [[session, 'PRIVATE_LINK']]),
  scenario('S067', 'HTML page of a gateway', [
    [errors, 'HTML'],
    ['test/fuzz/error-bodies.test.ts', 'no word of an error answer gets into a sentence'],
  ]),
  scenario('S068', 'redirect on the same host', [[http, 'is handed back and not followed']]),
  scenario('S069', 'redirect to another host', [
    [http, 'is handed back and not followed'],
    [token, 'not followed'],
  ]),
  scenario('S070', 'redirect to a metadata address, a file, a script', [[http, '169.254.169.254']]),
  scenario('S071', 'compression bombs', [[http, 'is cut off at the cap, in bounded memory']]),
  scenario('S072', 'huge headers'),
  scenario('S073', 'ids beyond 2^53, bytes that are no UTF-8', [
    ['test/fuzz/json.test.ts', 'keeps every digit of any integer'],
    [http, 'bytes that are no UTF-8 are marked'],
  ]),
  scenario('S074', 'idle connection closed just as it is used', [[crowd, 'an idle connection is closed']]),
  scenario(
    'S075',
    'upstream restarts',
    [[crowd, 'when every connection dies']],
    'An outage of two seconds outlasts the three attempts of a read: it fails and says to call again.',
  ),
  scenario('S076', 'every kind of Retry-After', [
    ['test/core/retry.test.ts', 'whatever Retry-After says'],
    ['test/fuzz/error-bodies.test.ts', 'a number of seconds that makes sense'],
  ]),
  scenario('S077', 'storm of 429', [
    [crowd, 'adds at most'],
    ['test/core/restraint.test.ts', 'a throttle halves the rate'],
  ]),
  scenario('S078', "SCIM's 500 REQUEST_LIMIT_EXCEEDED", [[session, "throttled by SCIM's 500"]]),
  scenario('S079', 'create that collides on our first call', [[creates, 'a collision names what is in the way']]),
  scenario('S080', 'create that collides after an unknown outcome', [[creates, 'after an unknown outcome']]),
  scenario('S081', 'every shape of error body', [
    [errors, 'an error body of the shape'],
    ['test/fuzz/error-bodies.test.ts', 'says nothing undefined'],
  ]),
  scenario('S082', 'missing role, missing scope, not found', [[errors, 'a 403 that names a scope']]),
  scenario('S083', 'server clock two hours off', []),
  scenario(
    'S084',
    'total outage',
    [
      [crowd, 'adds at most'],
      ['test/core/restraint.test.ts', 'in a total outage'],
    ],
    'As a crowd at one moment; ten minutes of it belong to `npm run soak`.',
  ),
  scenario('S085', 'many callers, one sign-in', [
    [token, 'a hundred cold callers'],
    ['test/execute/execute.test.ts', 'share one new sign-in'],
  ]),
  scenario('S086', 'token endpoint that fails or answers oddly', [
    [token, 'a busy token endpoint'],
    ['test/fuzz/token.test.ts', 'it yields a token or fails'],
  ]),
  scenario('S087', 'credentials that are refused', [
    [token, 'is final and remembered for 30 s'],
    [token, 'as soon as the secret changes'],
  ]),
  scenario('S088', 'renewal that fails or comes late', [[token, 'a renewal that fails fails no call']]),
  scenario('S147', 'log delivery configuration, which nobody can delete', [[creates, 'create_log_delivery_config']]),
];

/** Rows of the fault table that prove a scenario. */
export const rowsOf = (id: string): number => allCases.filter((row) => row.scenarios.includes(id)).length;
