import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface CertificateOptions {
  /** Default: `cert`. */
  name?: string;
  commonName?: string;
  /** Of the RSA key. Default: 2048. */
  bits?: number;
  /** From now; a negative number makes one that has expired. Default: 2. */
  days?: number;
}

/** Makes a certificate for 127.0.0.1 that vouches for itself, and gives the settings that name its files. */
export function createCertificate(folder: string, options: CertificateOptions = {}) {
  const { name = 'cert', commonName = 'localhost', bits = 2048, days = 2 } = options;
  const file = (ending: string) => join(folder, `${name}.${ending}`);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', `rsa:${bits}`, '-nodes', '-keyout', file('key'), '-out', file('csr')];
  openssl('req', '-new', ...newKey, '-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=IP:127.0.0.1');
  const sign = ['-signkey', file('key'), '-days', String(days), '-copy_extensions', 'copy', '-out', file('pem')];
  openssl('x509', '-req', '-in', file('csr'), ...sign);
  return { METRICS_TLS_CERT_FILE: file('pem'), METRICS_TLS_KEY_FILE: file('key') };
}
