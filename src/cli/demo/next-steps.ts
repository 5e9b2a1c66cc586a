/** What to do after the demo: have a client use the sandbox account, then link a real one. Pure. */
import { clientOf } from '../../clients/catalogue.js';
import { type Installation, startsThis } from '../../clients/server-entry.js';

interface Saying {
  readonly installation: Installation;
  /** How a person starts this program. */
  readonly program: string;
  readonly bold: (text: string) => string;
}

export function nextSteps({ installation, program, bold }: Saying): string {
  const block = clientOf('generic')?.block('dbx-sandbox', startsThis(installation, ['--sandbox'])) ?? '';
  return `
${bold('What to do next')}

  1. Try it from your own client with the sandbox account. This shows the change to its file and asks first:

     ${program} init --sandbox

     Or paste it yourself:

${block.replace(/^/gm, '     ')}

  2. Link a real account. It asks what the assistant shall do, says which least scopes that takes and what an
     account admin has to create, signs in and sets your client up:

     ${program} init

  3. Later, let it check the whole way:

     ${program} doctor`;
}
