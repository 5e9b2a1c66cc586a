// Finds the route of a request and the values of its path parameters.

import type { Route } from './router.js';

export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const segments = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const params = matchTemplate(candidate.template, segments);
    if (params) return { route: candidate, params };
  }
  return undefined;
}

function matchTemplate(template: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) {
      const value = decode(segment);
      // An empty id would otherwise turn "one of them" into "all of them".
      if (!value) return undefined;
      params.set(part.slice(1, -1), value);
    } else if (part !== segment) return undefined;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
