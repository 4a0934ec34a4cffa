/** Names under which secrets stand. A name's words are put together: `db_password`, `dbPassword` and `DB-PASSWORD` are one. */
export interface NameRule {
  of: string;
  /** Ends of names, separated by spaces. */
  ends: string;
  /** The end is a word of its own: `pass`, and not `bypass`. */
  isWord?: boolean;
  /** Words before the end with which the name is no secret's. */
  except?: string;
  /** Words of which one stands before the end. */
  after?: string;
  /** Numbers are secrets too: a PIN, and not a count of tokens. */
  hidesNumbers?: boolean;
  source: string;
  example: string;
  nearMiss: string;
}

const OWASP = 'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude';

export const nameRules: readonly NameRule[] = [
  {
    of: 'passwords',
    ends: 'password passwd passphrase passcode passwort pwd userpass dbpass passkey',
    hidesNumbers: true,
    source: OWASP,
    example: 'dbPassword',
    nearMiss: 'password_length',
  },
  {
    of: 'passwords in short',
    ends: 'pass pw psw',
    isWord: true,
    except: 'first second last next per single multi one two forward backward boarding',
    source: OWASP,
    example: 'smtp_pass',
    nearMiss: 'bypass',
  },
  {
    of: 'codes in short',
    ends: 'pin otp totp cvv cvc',
    isWord: true,
    hidesNumbers: true,
    source: OWASP,
    example: 'user_pin',
    nearMiss: 'spin',
  },
  {
    of: 'codes that are used once',
    ends: 'authcode authorizationcode verificationcode mfacode 2facode pincode securitycode smscode accesscode recoverycode backupcode otpcode secretcode',
    hidesNumbers: true,
    source: OWASP,
    example: 'verificationCode',
    nearMiss: 'status_code',
  },
  {
    of: 'secrets by that name, and what keys are made from',
    ends: 'secret credential cred mnemonic seedphrase recoveryphrase serviceaccount secretkeybase kubeconfig dockerconfigjson htpasswd netrc npmrc',
    source: OWASP,
    example: 'CLIENT_SECRET',
    nearMiss: 'secret_name',
  },
  {
    of: 'tokens',
    ends: 'token',
    isWord: true,
    except: `stop start end first second last next previous current page pagination continuation cursor sync delta per max min input output
      prompt completion total cached cache reasoning thinking generated eos bos pad unk mask special new each every any one single image
      audio text unexpected unknown`,
    source: OWASP,
    example: 'HF_TOKEN',
    nearMiss: 'time_to_first_token',
  },
  {
    of: 'tokens in names that are written as one word or stand for several',
    ends: `accesstoken authtoken refreshtoken sessiontoken idtoken apitoken bearertoken bottoken securitytoken usertoken csrftoken xsrftoken
      oauthtoken clienttoken devicetoken personaltoken githubtoken slacktoken bearer jwt`,
    source: OWASP,
    example: 'accesstokens',
    nearMiss: 'max_tokens',
  },
  {
    of: 'keys',
    ends: 'key',
    isWord: true,
    // Alone a key is that of a table or a cache.
    after: '*',
    except: `primary foreign unique composite natural surrogate sort partition range hash row column index lookup map cache object s3 blob file
      document doc record item entity table group groupby routing shard bucket partitioning dedupe dedup deduplication idempotency
      idempotent message event topic queue job task lock metric label tag series translation i18n locale json dict dictionary query param
      config setting option feature flag field property attribute meta metadata host public pub publishable project issue tenant parent child
      node first last next previous current selected active any each default missing duplicate unknown invalid wrong same answer state
      context trace request user session correlation conversation prompt template model arrow shift enter escape hot short`,
    source: OWASP,
    example: 'openai_key',
    nearMiss: 'cache_key',
  },
  {
    of: 'keys in names that are written as one word or stand for several',
    ends: `apikey accesskey accesskeyid secretkey privatekey privkey signingkey encryptionkey decryptionkey accountkey masterkey sharedkey
      subscriptionkey servicekey adminkey sshkey sslkey tlskey gpgkey pgpkey authkey sessionkey userkey hashkey licensekey licencekey openaikey
      anthropickey claudekey groqkey azurekey googlekey geminikey mistralkey coherekey awskey gcpkey stripekey sendgridkey twiliokey pem pfx
      keystore`,
    source: OWASP,
    example: 'sessionKey',
    nearMiss: 'key_points',
  },
  {
    of: 'personal access tokens',
    ends: 'pat',
    isWord: true,
    after: '*',
    source:
      'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens',
    example: 'GITHUB_PAT',
    nearMiss: 'pat',
  },
  {
    of: 'credentials of HTTP, signatures of addresses',
    ends: 'authorization cookie cookie2 connectsid phpsessid jsessionid',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#name-authorization',
    example: 'Proxy-Authorization',
    nearMiss: 'cookie_consent',
  },
  {
    of: 'the same in short',
    ends: 'auth creds sig signature sas',
    isWord: true,
    except: 'no needs requires function method type call',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html',
    example: 'X-Amz-Signature',
    nearMiss: 'function_signature',
  },
  {
    of: 'addresses of databases, with their passwords',
    ends: 'connectionstring connectionstr connstring connstr connectionuri connectionurl dsn databaseurl databaseuri dburl dburi redisurl mongourl mongouri mongodburi postgresurl jdbcurl webhookurl',
    source: OWASP,
    example: 'connectionString',
    nearMiss: 'connection',
  },
  {
    of: 'the same, and addresses that are signed or let anyone post',
    ends: 'url uri webhook',
    isWord: true,
    after: `db sql mysql mariadb mssql sqlserver pg postgres postgresql psql redis valkey mongo mongodb amqp rabbitmq broker celery nats
      clickhouse elastic elasticsearch opensearch neo4j jdbc sqlalchemy cloudamqp supabase neon turso libsql upstash webhook slack discord teams signed
      presigned sas`,
    source: OWASP,
    example: 'CELERY_BROKER_URL',
    nearMiss: 'base_url',
  },
];
