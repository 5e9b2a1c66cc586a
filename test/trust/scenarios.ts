/** The scenarios docs/trust.md promises to withstand, and where each is proven. */
import { type Scenario, scenario } from '../scenario.js';

const approvals = 'test/approvals/approvals.test.ts';
const forms = 'test/trust/forms.test.ts';
const sealed = 'test/trust/sealed.test.ts';
const oracle = 'test/trust/oracle.test.ts';
const terminal = 'test/trust/terminal.test.ts';
const walk = 'test/trust/walk.test.ts';
const lockouts = 'test/trust/lockouts.test.ts';
const velocity = 'test/trust/velocity.test.ts';
const secrets = 'test/trust/secrets.test.ts';
const lost = 'test/trust/secrets-lost.test.ts';
const canary = 'test/trust/canary.test.ts';
const attack = 'test/trust/journal-attack.test.ts';
const answers = 'test/untrusted/answers.test.ts';
const command = 'test/secrets/command.test.ts';
const pages = 'test/secrets/pages.test.ts';
const tampering = 'test/journal/tampering.test.ts';
const storage = 'test/journal/storage.test.ts';

export const scenarios: readonly Scenario[] = [
  scenario('S011', '`confirm: true` and other words for a yes in arguments', [
    ['test/core/input.test.ts', 'refuses an unknown argument'],
    [walk, 'does nothing on the account that needs a person'],
  ]),
  scenario('S012', 'risky call through a client that cannot ask', [
    [terminal, 'client that cannot ask'],
    [walk, 'does nothing on the account that needs a person'],
  ]),
  scenario('S013', 'accept whose content says no', [[forms, 'an accept whose box is not ticked']]),
  scenario('S014', 'decline, cancel, timeout, error, malformed answer', [
    [forms, 'does nothing after'],
    [sealed, 'ends without effect after'],
    [approvals, "'timeout', 'APPROVAL_TIMEOUT'"],
  ]),
  scenario('S015', 'answers to a question nobody asked', [[sealed, 'answers came along at the first shot']]),
  scenario('S016', 'state that was altered, cut, sealed by another', [[sealed, 'sealed question']]),
  scenario('S017', 'replay after success', [[sealed, 'is used once: not again']]),
  scenario('S018', 'fifty retries at once', [
    [sealed, 'lets one of fifty parallel retries through'],
    [approvals, 'exactly one of fifty simultaneous replies'],
  ]),
  scenario('S019', 'state for another caller, tool or arguments', [
    [sealed, 'serves no other tool, no other arguments and no other server'],
    [approvals, 'another caller'],
  ]),
  scenario('S020', 'state that is too old; clock set back', [
    [approvals, 'also when the clock is set back an hour'],
    [sealed, 'where a clock was set back an hour'],
  ]),
  scenario('S021', 'target changes between question and approval', [
    [forms, 'when the target changes while the person thinks'],
    [terminal, 'is void when the target changes before the call is made again'],
    [approvals, 'asks anew when the target has changed'],
  ]),
  scenario('S022', 'name that pretends to be part of the question', [
    ['test/trust/shown.test.ts', 'is shown to its last item'],
    ['test/untrusted/wording.test.ts', 'a name that plays a prompt is one escaped line'],
    ['test/trust/terminal-call.test.ts', 'stands as one inert quoted line'],
  ]),
  scenario('S023', 'hijacked client, thousands of crafted calls', [
    [walk, 'does nothing on the account that needs a person'],
  ]),
  scenario('S024', 'injections in every field of every answer', [[answers, 'corpus']]),
  scenario('S025', '10 000 ordinary names', [
    ['test/untrusted/benign-names.test.ts', 'ten thousand names are neither changed nor flagged'],
  ]),
  scenario('S026', 'closing a boundary', [], 'Answers are JSON and have no delimiter to close; see S024.'),
  scenario('S027', "instructions in Databricks' error text", [[answers, 'databricks_said']]),
  scenario('S028', 'sixth destructive call in ten minutes', [
    [velocity, 'refuses the sixth in ten minutes'],
    ['test/journal/velocity.test.ts', 'the call over the limit is refused'],
  ]),
  scenario('S029', 'poisoned list, then a secret, then a way out', [
    [canary, 'are nowhere in any channel'],
    [secrets, 'nothing else does'],
  ]),
  scenario('S030', 'approval without `force`, call with it', [[sealed, 'does not serve the one with force']]),
  scenario('S031', 'own service principal deleted, deactivated, demoted', [
    [lockouts, 'is refused and nobody is asked'],
    ['test/impact/lockouts.test.ts', 'taking account admin from the own service principal'],
    ['test/impact/lockouts-fuzz.test.ts', 'no change without a lock-out shuts anybody out'],
  ]),
  scenario('S032', 'secret in use, last administrator', [
    [lockouts, 'is refused and nobody is asked'],
    ['test/impact/lockouts.test.ts', 'the secret in use is kept'],
    ['test/impact/lockouts.test.ts', 'the last user who is admin stays'],
    ['test/trust/lockouts-together.test.ts', 'administrator'],
  ]),
  scenario('S033', 'IP access list that shuts this server out', [
    [lockouts, 'is refused and nobody is asked'],
    ['test/impact/ip-access-lists.test.ts', 'own address'],
    ['test/impact/ip-access.test.ts', 'BlockList'],
  ]),
  scenario('S034', 'shell words in every string, with a secret command on', [
    [command, 'what is no plain id reaches neither environment nor arguments'],
  ]),
  scenario('S035', 'strings that make patterns slow', [
    ['test/untrusted/regexes.test.ts', 'no pattern is slowed down by a text'],
  ]),
  scenario('S036', 'tool list: the same bytes every time', [
    [oracle, 'lists the same bytes over connections'],
    ['test/policy/process.test.ts', 'is the same list, byte for byte, after a restart'],
  ]),
  scenario('S037', 'closed, denied and unknown tools answer alike', [
    [oracle, 'answers to closed, denied and unknown tools with the same bytes'],
  ]),
  scenario('S038', 'tool descriptions hold no orders and nothing hidden', [
    ['test/untrusted/descriptions.test.ts', 'no description steers, hides anything or is long'],
  ]),
  scenario('S089', 'secret of a service principal', [[secrets, 'holds the secret of a service principal']]),
  scenario('S090', 'secret of an OAuth app', [[secrets, 'holds the secret of an OAuth app']]),
  scenario('S091', 'sink that cannot be used', [
    [secrets, 'is found out before anybody is asked and anything is made'],
    ['test/secrets/files.test.ts', 'is refused before minting'],
  ]),
  scenario('S092', 'sink fails after minting', [
    [lost, 'is deleted again when the program'],
    ['test/secrets/revocation.test.ts', 'no live secret more than before'],
  ]),
  scenario('S093', 'death between minting and storing', [[lost, 'is found by what audit says']]),
  scenario('S094', 'answer of a mint lost', [[lost, 'is found by reading and told as lost']]),
  scenario('S095', 'five secrets already', [[lockouts, 'a sixth secret, with the age of the five']]),
  scenario('S096', 'no lifetime, no scopes', [[secrets, 'gets secrets that live 90 days']]),
  scenario('S097', 'canaries in every field at log level debug', [[canary, 'are nowhere in any channel']]),
  scenario(
    'S098',
    'canaries in other encodings',
    [
      ['test/core/redact-encodings.test.ts', 'base64'],
      [canary, 'are nowhere in any channel'],
    ],
    'A secret cut in two by two writes is not searched for: each line is written whole.',
  ),
  scenario('S099', 'our Authorization echoed in an error', [[canary, 'are nowhere in any channel']]),
  scenario('S100', 'exceptions and inspection', [
    ['test/execute/execute.test.ts', 'inspect'],
    [canary, 'are nowhere in any channel'],
  ]),
  scenario('S101', 'process list and environment of children', [
    [command, 'the environment holds what programs need'],
    [canary, 'are nowhere in any channel'],
  ]),
  scenario('S102', 'odd profile files', [['test/fuzz/profile.test.ts', 'profile']]),
  scenario('S103', 'secret command fails or hangs', [
    [command, 'a program that takes too long is killed'],
    [secrets, 'its command line never changes'],
  ]),
  scenario('S104', 'keychain locked or hanging', [
    ['test/config/keychain.test.ts', 'that does not answer is given up'],
    ['test/config/keychain.test.ts', 'that refuses is a problem in its own words'],
    ['test/config/keychain.test.ts', 'no other place is tried'],
  ]),
  scenario('S105', 'one-time page: second look, somebody else, too late, guessed', [
    [pages, 'a page opens once'],
    [pages, 'nobody but its caller opens it'],
    [pages, 'it opens until its time is over'],
    [pages, 'an address cannot be guessed'],
    ['test/hub/secrets.test.ts', 'a secret is shown once, after a button'],
    ['test/hub/secrets.test.ts', 'after five minutes, and for a guess, there is nothing'],
    ['test/hub/secrets.test.ts', 'a visitor of the identity provider opens what they made over MCP'],
  ]),
  scenario(
    'S106',
    'heap after a secret is gone',
    [[pages, 'leaves the memory when its time is over']],
    'Strings stay in the heap of V8 until it collects them; nothing can be promised.',
  ),
  scenario('S131', 'journal edited, cut, reordered, added to', [
    [tampering, 'a thousand random changes are all found'],
  ]),
  scenario('S132', 'death at any moment', [
    ['test/journal/processes.test.ts', 'deaths the journal is whole'],
    ['test/trust/kills.test.ts', 'intent'],
    ['test/chaos/chaos.test.ts', 'killed while it writes'],
  ]),
  scenario('S133', 'disk full, read-only, rotated away, two processes', [
    [storage, 'at any step of an append'],
    [storage, 'a file rotated away'],
    ['test/journal/processes.test.ts', 'processes that add 200 records each'],
    [attack, 'refuses every write, says what to do and goes on reading'],
  ]),
  scenario('S134', 'names that break lines or JSON', [
    ['test/journal/records.test.ts', 'any strings make one line of JSON each'],
    [attack, 'stays within one line of it'],
  ]),
  scenario('S135', 'secrets in the journal', [
    ['test/journal/records.test.ts', 'credentials are gone before long texts are cut'],
    [canary, 'are nowhere in any channel'],
  ]),
  scenario('S136', 'hostile trace context', [], 'No trace context is read or sent yet.'),
  scenario('S137', 'cardinality of metrics', [], 'There are no metrics yet.'),
  scenario('S140', 'policy with a typo', [
    ['test/policy/process.test.ts', 'stops the start'],
    ['test/policy/settings.test.ts', 'all that is wrong is told at once'],
  ]),
];
