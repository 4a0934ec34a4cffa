/** Keys and tokens that are known by how they begin. */
export interface KeyShape {
  of: string;
  /** How they begin: regular expressions, separated by spaces. */
  starts: string;
  /** The characters that follow, and how many there are at least: fewer than in use today, for a shape may change a little. */
  characters: string;
  atLeast: number;
  /** What follows has capital and small letters and digits, as random characters have. */
  isMixed?: true;
  source: string;
}

const ALPHANUMERIC = '[A-Za-z0-9]';
const WORD = '[\\w-]';
const DOTTED = '[\\w.=-]';

const GITHUB = 'https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns';
const GITLEAKS = 'https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml';

export const keyShapes: readonly KeyShape[] = [
  {
    of: 'OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse',
    starts: 'sk- sess-',
    characters: WORD,
    atLeast: 12,
    source: 'https://platform.openai.com/docs/api-reference/authentication',
  },
  {
    of: 'Groq, xAI, Replicate, Perplexity, Cerebras, NVIDIA, Together, Pinecone, LangSmith, Tavily, Jina, Weights & Biases',
    starts: 'gsk_ xai- r8_ pplx- csk- nvapi- tgp_v\\d_ pcsk_ lsv2_[a-z]{2}_ ls__ tvly- jina_ wandb_v\\d_ esecret_ flp_',
    characters: WORD,
    atLeast: 20,
    source: GITHUB,
  },
  {
    // Names of variables and packages begin like this too, but have `_` or `-` sooner.
    of: 'Hugging Face, Fireworks, Voyage, LlamaIndex, Firecrawl, Resend, Mailgun, Vercel, GitHub, npm, Docker, Notion',
    starts: 'hf_ api_org_ fw_ pa- llx- fc- re_ key- vc[a-z]_ gh[a-z]_ npm_ oy2 dckr_[a-z]{3}_ ntn_ secret_ pat_',
    characters: ALPHANUMERIC,
    atLeast: 20,
    source: GITHUB,
  },
  {
    of: 'Google Cloud and Gemini: API keys, OAuth tokens, client secrets',
    starts: 'AIza AQ\\. ya29\\. 1//0 GOCSPX-',
    characters: DOTTED,
    atLeast: 20,
    source: 'https://cloud.google.com/docs/authentication/token-types',
  },
  {
    of: 'AWS access keys',
    starts: 'AKIA ASIA ABIA ACCA A3T[A-Z0-9]',
    characters: '[A-Z0-9]',
    atLeast: 16,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  },
  {
    of: 'Amazon Bedrock API keys',
    starts: 'ABSK bedrock-api-key-',
    characters: '[\\w+/=-]',
    atLeast: 32,
    source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  },
  {
    of: 'client secrets of Microsoft Entra ID',
    starts: '[\\w~.]{3}\\dQ~',
    characters: '[\\w.~-]',
    atLeast: 28,
    source: GITLEAKS,
  },
  {
    of: 'JSON Web Tokens, and others that are JSON in base64',
    starts: 'eyJ',
    characters: DOTTED,
    atLeast: 16,
    source: 'https://www.rfc-editor.org/rfc/rfc7519#section-3.1',
  },
  {
    of: 'GitHub, GitLab, Atlassian, PyPI, RubyGems, Terraform, Vault, Doppler, Pulumi, Databricks, DigitalOcean, Heroku',
    starts: `github_pat_ gl[a-z]{2,6}- AT[A-Z]{2}[A-Z0-9]{2} pypi- rubygems_ atlasv1\\. hv[sbr]\\. dp\\.[a-z]{2,5}\\. pul- dapi do[opr]_v1_ HRKU-
      sgp_ pnu_ bkua_ CCIPAT_ AKCp cmVmd`,
    characters: DOTTED,
    atLeast: 20,
    source: GITLEAKS,
  },
  {
    of: 'Grafana, New Relic, Sentry, Dynatrace, Linear, Airtable, Figma, Postman, HubSpot, Tailscale, Fly, Netlify, Supabase, Neon',
    starts: `gl(?:sa|c)_ NR[A-Z]{2}- sntry[a-z]_ dt0[a-z]\\d\\d\\. lin_[a-z]{3,5}_ pat[A-Za-z0-9]{14}\\. figd_ PMAK- pat-[a-z]{2}\\d- tskey- fo1_ fm\\d[a-z]?_
      nfp_ sbp_ sb_secret_ napi_ pscale_[a-z]{2,5}_ shp[a-z]{2}_ mdb_sa_sk_ essu_ AGE-SECRET-KEY-1 ops_ sha256~ CFPAT- rdme_ tfp_`,
    characters: DOTTED,
    atLeast: 20,
    source: GITLEAKS,
  },
  {
    of: 'Stripe, Square, PayPal, Plaid, Flutterwave, Razorpay, SendGrid, Brevo, Alibaba, Tencent, Yandex',
    starts: `[sr]k_[a-z]{4}_ whsec_ sq0[a-z]{3}- EAA access[-_](?:token\\$)?(?:sandbox|production)[-$] FLWSECK(?:_TEST)?- rzp_[a-z]{4}_ SG\\.
      xkeysib- LTAI AKID AQVN t1\\.`,
    characters: DOTTED,
    atLeast: 14,
    source: GITHUB,
  },
  {
    of: 'Slack, Telegram, Discord',
    starts:
      'xox[a-z](?:\\.xox[a-z])?- xapp- xwfp- \\d{8,10}:A [MNO][A-Za-z0-9]{23,27}\\.[\\w-]{6}\\. mfa\\.[A-Za-z0-9]{20}',
    characters: WORD,
    atLeast: 10,
    source: GITHUB,
  },
  {
    of: 'addresses to which anyone can post who knows them: Slack, Discord, Teams, Telegram',
    starts:
      'hooks\\.slack\\.com/[a-z]{8,9}/ discord(?:app)?\\.com/api/webhooks/ webhook\\.office\\.com/ api\\.telegram\\.org/bot',
    characters: '[\\w/@:-]',
    atLeast: 20,
    source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  },
  {
    of: 'Twilio, and keys that are a word for a key and hexadecimal digits',
    starts: 'SK AC[0-9a-f]{32}: (?:sk|rk|pk|ak|api|key|pat|token)[-_]',
    characters: '[0-9a-f]',
    atLeast: 32,
    source: 'https://www.twilio.com/docs/iam/api-keys',
  },
  {
    of: 'Mailchimp',
    starts: '[0-9a-f]{32}-us',
    characters: '[0-9]',
    atLeast: 1,
    source: GITLEAKS,
  },
  {
    of: '1Password, Cloudflare',
    starts: 'A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}- v1\\.0-[0-9a-f]{24}-',
    characters: '[A-Za-z0-9-]',
    atLeast: 15,
    source: GITLEAKS,
  },
  {
    of: 'Resend, Vault before 1.10, ClickHouse',
    starts: 're_ s\\. 4b1d',
    characters: WORD,
    atLeast: 24,
    isMixed: true,
    source: GITLEAKS,
  },
  {
    // Identifiers of requests and messages have fewer characters, checksums (`sha256-`) another beginning.
    of: 'other services: a short name, and many random characters',
    starts: '[a-z][a-z0-9]{1,4}[-_] [a-z]{6,10}[-_]',
    characters: ALPHANUMERIC,
    atLeast: 32,
    isMixed: true,
    source: 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
  },
];
