import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { stringify } from 'yaml';
import { inFolder } from './stack-folder.js';

/** Where the file lies that makes Prometheus and Alertmanager ask for a password. */
export const webConfigFile = (folder: string) => join(folder, 'web.yml');

/** What a program of the stack lets nobody in without; new at each start. */
export interface Credentials {
  username: string;
  password: string;
}

export const createCredentials = (): Credentials => ({
  username: 'stack',
  password: randomBytes(24).toString('base64url'),
});

/** The value of the header `Authorization`. */
export const basicAuthorization = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** The password is random and long: nothing is won by a hash that is slow to compute at each request. */
const HASH_ROUNDS = 4;

/** Writes the file, readable by its owner only. It holds a hash, not the password. @throws {CodedError} `ERR_STACK_FOLDER` */
export function writeWebConfig(folder: string, { username, password }: Credentials): void {
  const users = { [username]: hashSync(password, HASH_ROUNDS) };
  inFolder(folder, () => writeFileSync(webConfigFile(folder), stringify({ basic_auth_users: users }), { mode: 0o600 }));
}
