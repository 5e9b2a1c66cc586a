/** The tool that tells what may be done here: its name and what a list says of it. */
export const statusTool = {
  id: 'databricks_access_status',
  title: 'Access Status',
  description:
    'Which account this is, scopes granted, what is closed and why, what asks a person: for when an action is ' +
    'missing. Common to all: changes take dry_run: true.',
} as const;
