/** What `doctor` says of the certificate a host shows: who vouches for it, until when, and why it is not believed. Pure. */
import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, rootCertificates } from 'node:tls';
import { errorCode } from '../../core/paths.js';
import { plain } from '../terminal.js';
import { type Finding, fail, ok, warn } from './finding.js';
import type { Shown } from './sockets.js';

const check = 'tls';
const day = 24 * 60 * 60 * 1_000;
/** Whoever renews certificates by a program has done it long before. */
const soon = 3 * day;

/** `now`: epoch milliseconds. `ours`: whether the operator added authorities of their own. */
export function judge({ protocol, certificate, error }: Shown, now: number, ours: boolean): Finding {
  if (error !== undefined) return refused(errorCode(error), certificate, now);
  if (certificate === undefined) return ok(check, `${protocol}`);
  const ends = Date.parse(certificate.valid_to);
  const own = ours && isOwnAuthority(certificate) ? ', an authority added on this machine' : '';
  const said = `${protocol}, vouched for by ${issuerOf(certificate)}${own} until ${dayOf(ends)}`;
  if (ends - now > soon) return ok(check, said);
  return warn(check, said, 'It ends soon: tell whoever runs that host or proxy.');
}

function refused(code: string, certificate: DetailedPeerCertificate | undefined, now: number): Finding {
  if (certificate === undefined) {
    return fail(
      check,
      `The handshake failed before a certificate came (${code}).`,
      'Check host and port; a firewall or proxy on the way may cut TLS off. Ask whoever runs it to let this host pass.',
      'network',
    );
  }
  const today = `Today is ${dayOf(now)} by the clock of this machine; if that is right, `;
  const renew = 'whoever runs that host or proxy has to renew the certificate.';
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const message = `The certificate ended on ${dayOf(Date.parse(certificate.valid_to))} (${code}).`;
      return fail(check, message, today + renew, 'network');
    }
    case 'CERT_NOT_YET_VALID': {
      const message = `The certificate begins on ${dayOf(Date.parse(certificate.valid_from))} (${code}).`;
      return fail(check, message, today + renew, 'network');
    }
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const names = plain(certificate.subjectaltname ?? 'no name').slice(0, 200);
      const fix = 'Check the host. If it is right, somebody else answers in its place: ask who runs this network.';
      return fail(check, `The certificate is for another host: ${names} (${code}).`, fix, 'network');
    }
    default: {
      const issuer = issuerOf(certificate);
      const message = `The certificate is vouched for by ${issuer}, which this machine does not trust (${code}).`;
      const fix =
        `If ${issuer} belongs to a proxy of your company that inspects TLS, save its certificate as PEM and name it ` +
        'with --ca-file or NODE_EXTRA_CA_CERTS. If not, somebody else answers in place of the host.';
      return fail(check, message, fix, 'network');
    }
  }
}

/** Its name may have been chosen by anybody. */
function issuerOf({ issuer }: DetailedPeerCertificate): string {
  const name = [issuer?.CN ?? issuer?.O ?? 'nobody it names'].flat().join(' ');
  return JSON.stringify(plain(name).slice(0, 120));
}

/** True where the chain ends at an authority that does not come with Node. */
function isOwnAuthority(certificate: DetailedPeerCertificate): boolean {
  let top = certificate;
  while (top.issuerCertificate !== undefined && top.issuerCertificate !== top) top = top.issuerCertificate;
  return !roots().has(new X509Certificate(top.raw).fingerprint256);
}

const roots = () => new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));

const dayOf = (time: number): string =>
  Number.isNaN(time) ? 'an unreadable date' : new Date(time).toISOString().slice(0, 10);
