// The billable usage download: checks the months and streams the CSV.

import { invalid } from '../errors.js';
import { flagWord } from '../query-readers.js';
import { text } from '../readers.js';
import { route } from '../router.js';
import { usageCsv } from './usage-rows.js';

const FIRST_MONTH = '2019-03';
const month = text({ pattern: /^\d{4}-(0[1-9]|1[0-2])$/, hint: 'a month, YYYY-MM' });

export const usageRoutes = [
  route(
    'GET /api/2.0/accounts/{account_id}/usage/download',
    // Azure bills through Microsoft; the real answer there is unknown.
    {
      scopes: ['billing'],
      clouds: ['aws', 'gcp'],
      query: { start_month: month, end_month: month, personal_data: flagWord() },
    },
    ({ account, query }) => {
      const { start_month, end_month, personal_data = false } = query;
      if (!start_month || !end_month)
        throw invalid("Missing required query parameter: 'start_month' and 'end_month' are needed.");
      if (start_month > end_month) throw invalid('start_month must not be after end_month.');
      if (start_month < FIRST_MONTH) throw invalid(`Usage before ${FIRST_MONTH} cannot be downloaded.`);
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: usageCsv(account, start_month, end_month, personal_data),
      };
    },
  ),
];
