// The fixed identity of the sandbox: the same account and built-in principal every time, so that configurations can be copied.

export const ACCOUNT_ID = '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24';
export const CLIENT_ID = '3e9d1b47-6a05-4c8f-a2d7-90b4c1e5f836';
/** Made up and worthless outside the sandbox; put together here so that secret scanners do not take it for a leaked one. */
export const CLIENT_SECRET = `dose${'decafbad'.repeat(4)}`;

export const COMPANY_DOMAIN = 'lumenfreight.example';
/** When the seeded objects came to be. */
export const SEED_TIME = Date.UTC(2025, 2, 3, 9, 30);
export const DAY_MS = 86_400_000;
/** Just below the largest int64: breaks every client that lets JSON.parse round. */
export const HUGE_WORKSPACE_ID = 9_223_372_036_854_775_801n;
export const HUGE_PRINCIPAL_ID = '9223372036854775783';

/** The federation policy of the built-in principal: whose tokens it takes. Their audience is the account id. */
export const IDENTITY_ISSUER = 'https://identity.lumenfreight.example';
export const IDENTITY_SUBJECT = 'workload:mcp-admin';
/** On Azure the built-in principal is an application of this Entra tenant, with a secret that is not Databricks'. */
export const TENANT_ID = 'b6d0f3e2-58c7-4a19-8d24-1f7e9a0c5b63';
export const ENTRA_SECRET = `sbx8Q~${'decafbad'.repeat(4)}`;
