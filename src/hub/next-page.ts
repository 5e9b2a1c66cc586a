/** Where to go after signing in: a page of ours, whatever was asked for. */
export const pathWithin = (path: string | undefined): string =>
  path !== undefined && /^\/hub(\/[\w./-]*)?$/.test(path) && !/\/\/|\.\./.test(path) ? path : '/hub';
