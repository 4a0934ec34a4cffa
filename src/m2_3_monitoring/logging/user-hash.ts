import { createHmac, randomBytes } from 'node:crypto';
import type { Config } from '../../../config/module.js';

/** What a log line says of a user. */
export type HashUser = (userId: string | number) => string | number;

/** A pseudonym: the same user has the same one, and nobody without the key can go back. */
export function createUserHash({ LOG_USER_IDS, LOG_HASH_KEY }: Config): HashUser {
  if (LOG_USER_IDS === 'plain') return (userId) => userId;
  const key = LOG_HASH_KEY || randomBytes(32);
  return (userId) => createHmac('sha256', key).update(String(userId)).digest('hex').slice(0, 16);
}
