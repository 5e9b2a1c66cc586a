/** What to do after the demo: try the sandbox from a client, then configure a real account. Pure. */
export interface Installation {
  /** Path of the program file. */
  readonly main: string;
  readonly bold: (text: string) => string;
}

export function nextSteps({ main, bold }: Installation): string {
  const sandbox = { command: 'node', args: [main, '--sandbox'] };
  const real = {
    command: 'node',
    args: [main],
    env: {
      DATABRICKS_HOST: 'https://accounts.cloud.databricks.com',
      DATABRICKS_ACCOUNT_ID: '<account id: account console, top right>',
      DATABRICKS_CLIENT_ID: '<application id of the service principal>',
      DATABRICKS_CLIENT_SECRET_FILE: '<file with its OAuth secret, mode 0600>',
      DATABRICKS_SCOPES: 'scim provisioning access-management billing',
    },
  };
  const program = `node ${/\s/.test(main) ? JSON.stringify(main) : main}`;
  return `
${bold('What to configure next')}

  1. Try it from your own client with the sandbox account:

${indented({ mcpServers: { 'dbx-sandbox': sandbox } })}

  2. For a real account, choose what the assistant shall do and see which scopes that takes:

     ${program} actions --scopes-for list_users create_group list_workspaces

     Then have an account admin make a service principal with the Account admin role and an OAuth
     secret bound to these scopes, and replace what stands in <…>:

${indented({ mcpServers: { dbx: real } })}

  3. With the same variables set, let it check itself:

     ${program} doctor`;
}

const indented = (value: unknown) => JSON.stringify(value, undefined, 2).replace(/^/gm, '     ');
