/** The scenarios docs/http.md promises to withstand, and where each is proven. */
import { type Scenario, scenario } from '../scenario.js';

const guards = 'test/http/front-guards.test.ts';
const pages = 'test/http/pages.test.ts';
const limits = 'test/http/front-limits.test.ts';
const drain = 'test/http/front-drain.test.ts';
const tokens = 'test/http/auth-tokens.test.ts';
const jwt = 'test/http/auth-jwt.test.ts';
const callers = 'test/http/doors-callers.test.ts';
const traffic = 'test/http/doors-traffic.test.ts';
const streams = 'test/http/doors-streams.test.ts';
const settings = 'test/http/settings.test.ts';
const nginx = 'test/http/nginx.test.ts';
const command = 'test/cli/http.test.ts';

export const scenarios: readonly Scenario[] = [
  scenario('S107', 'a bind beyond loopback that asks nobody for a token', [
    [command, 'it does not start without saying who may call: exit 78 with the reason'],
    [settings, 'nothing that opens the server to people who prove nothing'],
    ['test/deploy.test.ts', 'without the token file it does not start'],
  ]),
  scenario('S108', 'DNS rebinding: a Host of another, none, two, spellings of loopback', [
    [guards, 'a Host the server does not know, none, or two is refused on every route'],
    [pages, 'DNS rebinding: a Host the server does not know reaches no page'],
    [nginx, 'another Host than the public name is refused'],
  ]),
  scenario('S109', 'an Origin nobody invited, on every route', [
    [guards, 'an Origin nobody invited is refused on every route'],
    [guards, 'without an allow-list any Origin is refused'],
  ]),
  scenario('S110', 'what a web page can send without asking', [
    [guards, 'what a web page can send without asking never reaches the doors'],
    [pages, 'CSRF: a form is taken from the pages of this very server and from nowhere else'],
  ]),
  scenario('S111', 'tokens that are missing, broken, doubled, expired, in the query', [
    [tokens, 'without a valid token the answer is 401 with a challenge, whatever was sent'],
    [tokens, 'a token in the query goes no further'],
    [jwt, "'not yet valid'"],
    [nginx, 'a token in the query is in no log'],
  ]),
  scenario('S112', 'forged JWTs of every kind', [
    [jwt, 'whatever is wrong with a token it is refused, and nothing it names is fetched'],
    [tokens, 'a megabyte of token is refused'],
  ]),
  scenario(
    'S113',
    'a token guessed by the time its refusal takes',
    [[tokens, 'every token is compared, as a digest of the same length']],
    'What is compared, and that all are, is tested; time itself is not measured, because a busy machine would decide the test',
  ),
  scenario('S114', 'keys of the issuer: down, slow, rotated, huge, unknown kids', [
    [jwt, 'a flood of unknown keys has the keys read once a minute'],
    [jwt, 'while the issuer is down the last keys count'],
    [jwt, 'a document of keys that is slow, huge, moved, broken'],
  ]),
  scenario('S115', "the caller's token or headers upstream", [
    [callers, 'never goes upstream'],
    [guards, 'the doors see neither credentials nor headers that are not of MCP'],
  ]),
  scenario('S116', 'the metadata document, for every address', [
    [jwt, 'the metadata document names the address that was used, the issuer and the scopes'],
    [tokens, 'the challenge points to the document of the address that was used'],
  ]),
  scenario('S117', 'session ids: guessed, of another caller, brought along', [
    [callers, 'has an id of 256 bits that no two share'],
    [callers, 'does not exist for another caller, for other scopes or other pins, by any method'],
    [callers, 'is not made under an id that the client brings'],
  ]),
  scenario('S118', 'a caller with `dbx:read` lists and calls what deletes', [
    [callers, 'a caller with fewer scopes (S118)'],
    [tokens, 'a call beyond the scopes of its caller is refused with the one scope that is missing'],
  ]),
  scenario('S119', "a header that would widen the operator's policy", [
    [callers, 'only take away, whatever the operator set and whatever they claim'],
    [guards, 'pins narrow by address and by header'],
  ]),
  scenario(
    'S120',
    'two callers, interleaved calls',
    [[traffic, 'get their own answers, call by call, in thousands of interleaved calls']],
    '2 000 calls of ten clients, by all doors',
  ),
  scenario('S121', "one caller approves another's call", [
    [callers, 'is answered by no other: the state of one is none for another'],
  ]),
  scenario('S122', 'slow headers, slow bodies, slow readers, 256 of them', [
    [limits, 'a client that is slow with its headers, or sends nothing, is cut off'],
    [limits, 'a client that is slow with its body is cut off'],
    [limits, 'a reader that has stopped is cut off'],
    [limits, '256 slow sockets from 16 addresses keep out no legitimate call'],
  ]),
  scenario('S123', '100 MB, no length, packed, a million fields', [
    [limits, '100 MB bodies, with a length or without, are refused and leave memory flat'],
    [limits, 'JSON that is deep, wide, broken'],
    [guards, 'a body that is packed is refused'],
  ]),
  scenario(
    'S124',
    '10 000 idle connections; more than 16 from one address',
    [
      [limits, 'a thousand idle connections leave no more open than there may be'],
      [limits, 'one address gets its share of sockets while calls hold them'],
    ],
    'A thousand against a limit of 64: ten thousand sockets of the test itself are more than many machines allow; the time of calls is not measured',
  ),
  scenario('S125', 'rate per caller, bursts, a clock that is set back', [
    [limits, 'a caller gets its burst and then its rate, to the message'],
    [limits, 'a clock that goes back gives nobody more'],
    [limits, 'over the rate the answer is 429 with the time to wait'],
  ]),
  scenario('S126', 'request smuggling', [[guards, 'ambiguous framing gets one 400 and the connection is closed']]),
  scenario('S127', 'headers that contradict the body', [[traffic, 'are refused as a mismatch']]),
  scenario('S128', 'batches beyond measure, nested; floods of notifications', [
    [traffic, 'what is posted (S123, S128)'],
    [traffic, 'is a flood of notifications: taken, and without effect'],
    [limits, 'each message of a batch counts'],
  ]),
  scenario(
    'S129',
    'SIGTERM with calls and listeners; a second one',
    [
      [drain, '20 calls in flight are answered while 50 listeners are let go'],
      [drain, 'a second signal ends the process in the middle of draining'],
      [drain, 'a call that does not end is not waited for beyond the time there is'],
      [command, 'ends on a signal with 0'],
    ],
    'How long it takes is bounded by the limits below and not measured',
  ),
  scenario(
    'S130',
    'a client that goes away in the middle of a change; nginx that holds back; a quiet stream',
    [
      [streams, 'in the middle of a change: it happens once, and its outcome is in the journal'],
      [nginx, 'the first bytes of a quiet stream arrive while it is open'],
      [nginx, 'sees progress of a call that goes no further'],
    ],
    'The comment every ten seconds is a setting of the doors; no test waits two minutes for it',
  ),
];
