import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkSync } from 'recheck';
import { keyShapes } from '../src/m2_3_monitoring/redaction/key-shapes.js';
import { nameRules } from '../src/m2_3_monitoring/redaction/name-rules.js';
import { assignmentPatterns } from '../src/m2_3_monitoring/redaction/redact-assignments.js';
import { redactText, textPatterns } from '../src/m2_3_monitoring/redaction/redact-text.js';
import { isSecretUnder, namePatterns } from '../src/m2_3_monitoring/redaction/secret-names.js';
import { secretPlaces } from '../src/m2_3_monitoring/redaction/secret-places.js';
import { testMonitoring } from './helpers/monitoring.js';

const startsOf = ({ starts }: (typeof keyShapes)[number]): string[] => starts.split(/\s+/);

describe('a key', () => {
  for (const shape of keyShapes) {
    const { of, characters, atLeast } = shape;
    const body = [...'Ab3f07Z9x']
      .filter((one) => new RegExp(characters).test(one))
      .join('')
      .repeat(20)
      .slice(0, atLeast);

    test(`of ${of} is hidden wherever it stands, and shown where it is shorter`, () => {
      for (const start of startsOf(shape)) {
        const starts = fc.sample(fc.stringMatching(new RegExp(`^(?:${start})$`)), { numRuns: 20, seed: 1 });
        const keys = starts.map((one) => one + body);
        for (const key of keys) {
          for (const [before, after] of [
            ['', ''],
            ['refused: ', ' was given'],
            ['{\\n"', '"}'],
            ['a%20', '&b'],
            ['(', ')'],
          ])
            assert.equal(redactText(`${before}${key}${after}`), `${before}[redacted]${after}`, key);
        }
        for (const one of starts) {
          const short = one + body.slice(0, Math.min(8, atLeast - 1));
          assert.equal(redactText(short), short);
        }
      }
    });
  }

  test('of a provider or a cloud that a service meets is hidden', () => {
    const random = 'Ab3'.repeat(20);
    for (const start of [
      ...[
        'sk-',
        'sk-proj-',
        'sk-ant-api03-',
        'sk-or-v1-',
        'gsk_',
        'xai-',
        'hf_',
        'r8_',
        'pplx-',
        'AIza',
        'ya29.',
        'ABSK',
        'nvapi-',
      ],
      ...[
        'csk-',
        'fw_',
        'tgp_v1_',
        'pcsk_',
        'lsv2_pt_',
        'tvly-',
        'jina_',
        'ghp_',
        'github_pat_',
        'glpat-',
        'npm_',
        'xoxb-',
        'xapp-',
      ],
      ...[
        'sk_live_',
        'rk_live_',
        'whsec_',
        'SG.',
        'hvs.',
        'dckr_pat_',
        'glsa_',
        'sntrys_',
        'shpat_',
        'eyJ',
        'acme_live_',
      ],
    ]) {
      const shown = redactText(`refused: ${start}${random}`);
      assert.ok(shown.endsWith('[redacted]') && !shown.includes('Ab3'), `${start}: ${shown}`);
    }
    assert.equal(redactText(`with ASIA${'ABCD2345EFGH67IJ'}`), 'with [redacted]');
    assert.equal(redactText(`with dapi${'0f'.repeat(16)}`), 'with [redacted]');
  });

  test('is none inside a word, and none of the names and ids that look like one', () => {
    for (const text of [
      ...['task-management-and-planning-board', 'risk-free-interest-rates-in-europe', 'hf_transformers_pipeline_name'],
      ...['npm_config_registry_address', 'key-value-store-with-expiry', 'chatcmpl-9aBcDeFgHiJkLmNoPqRsTuVwXyZ01'],
      ...[
        'msg_01XFDUDYJgAACzvnptvVoYEL',
        'call_AbC123dEf456GhI789jKl012',
        'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b4',
      ],
      ...[
        'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
        '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15',
      ],
      ...[
        '4bf92f3577b34da6a3ce929d0e0e4736',
        'f47ac10b-58cc-4372-a567-0e02b2c3d479',
        'gpt-4o-mini-2024-07-18',
        'eyJhIjoxfQ',
      ],
      ...[
        'anthropic.claude-3-5-sonnet-20241022-v2:0',
        'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8',
        'user@example.com',
      ],
    ])
      assert.equal(redactText(text), text);
  });
});

describe('a place', () => {
  for (const { of, example, nearMiss } of secretPlaces) {
    test(`of ${of} is searched`, () => {
      assert.match(redactText(example), /\[redacted\]/);
      assert.doesNotMatch(redactText(example), /secret(?:secret)?/);
      assert.equal(redactText(nearMiss), nearMiss);
    });
  }
});

describe('a name', () => {
  for (const { of, ends, isWord, after, example, nearMiss } of nameRules) {
    test(`of ${of} hides its value`, () => {
      assert.equal(isSecretUnder(example, 'x'), true, example);
      assert.equal(isSecretUnder(nearMiss, 'x'), false, nearMiss);
      const before = after === undefined || after === '*' ? 'acme' : (after.trim().split(/\s+/)[0] ?? '');
      for (const end of ends.trim().split(/\s+/)) {
        const title = `${end[0]?.toUpperCase()}${end.slice(1)}`;
        const names = [`${before}_${end}`, `${before}${title}`, `${before}-${end}`.toUpperCase(), `${before}.${end}`];
        for (const name of [...names, `${before}_${end}_prod`, `${before}_${end}_2`, `${before}${title}Header`])
          assert.equal(isSecretUnder(name, 'x'), true, name);
        for (const name of [`${before}_${end}_count`, `has_${end}_policy`, `${end}_length`])
          assert.equal(isSecretUnder(name, 'x'), false, name);
        if (isWord) assert.equal(isSecretUnder(`xx${end}`, 'x'), isSecretUnder(`acme_xx${end}`, 'x'), end);
      }
    });
  }

  test('that holds a count, or says of what kind a secret is, hides nothing', () => {
    for (const name of [
      ...[
        'time_to_first_token',
        'cost_per_token',
        'stop_token',
        'max_tokens',
        'tokens',
        'input_tokens',
        'token_count',
        'tokenizer',
      ],
      ...[
        'bypass',
        'compass',
        'first_pass',
        'passed',
        'pass_rate',
        'passage',
        'author',
        'authority',
        'authenticated',
        'secretary',
      ],
      ...[
        'cache_key',
        'primaryKey',
        'keyboard',
        'keywords',
        'key',
        'monkey',
        'publicKey',
        'idempotency_key',
        'opinion',
        'spin',
      ],
      ...[
        'design',
        'config',
        'url',
        'base_url',
        'callbackUrl',
        'session_id',
        'cookie_consent',
        'next_page_token',
        'token_type',
      ],
    ])
      assert.equal(isSecretUnder(name, 'x'), false, name);
  });

  test('hides passwords and codes that are numbers, and shows other numbers, and flags', () => {
    for (const name of ['password', 'pin', 'otp', 'verification_code'])
      assert.equal(isSecretUnder(name, 1234), true, name);
    for (const name of ['token', 'cookies', 'api_key', 'secret']) assert.equal(isSecretUnder(name, 3), false, name);
    for (const value of [true, false, null, undefined]) assert.equal(isSecretUnder('password', value), false);
  });
});

describe('a text', () => {
  const hidden: [string, string][] = [
    ['GET /v1?model=m&api_key=topsecret&n=1', 'GET /v1?model=m&api_key=[redacted]&n=1'],
    ['https://x/?key=topsecret', 'https://x/?key=[redacted]'],
    ['https://x/y?sv=1&sig=topsecret%3D', 'https://x/y?sv=1&sig=[redacted]'],
    ['to=https%3A%2F%2Fx%3Faccess_token%3Dtopsecret', 'to=https%3A%2F%2Fx%3Faccess_token%3D[redacted]'],
    ['error: password=topsecret, user=alice', 'error: password=[redacted], user=alice'],
    ['Authorization: Basic dG9wc2VjcmV0\nAccept: */*', 'Authorization: [redacted]\nAccept: */*'],
    ['Cookie: a=topsecret; b=topsecret', 'Cookie: [redacted]'],
    ['{"token":"topsecret with \\" inside","model":"m"}', '{"token":"[redacted]","model":"m"}'],
    ['"{\\"apiKey\\": \\"topsecret\\", \\"n\\": 1}"', '"{\\"apiKey\\": \\"[redacted]\\", \\"n\\": 1}"'],
    ["{ apiKey: 'topsecret', set: ['a'] }", "{ apiKey: '[redacted]', set: ['a'] }"],
    ['line\\nAPI_KEY=topsecret', 'line\\nAPI_KEY=[redacted]'],
    ['Server=x;Password=top,secret;Database=d', 'Server=x;Password=[redacted];Database=d'],
    ['"set-cookie":["a=topsecret"]', '"set-cookie":["[redacted]"]'],
    ['["X-Api-Key","topsecret","tags",["a","b"]]', '["X-Api-Key","[redacted]","tags",["a","b"]]'],
    ['%22api_key%22%3A%22topsecret%22', '%22api_key%22%3A%22[redacted]'],
    ['https://app/callback?code=topsecret&state=1', 'https://app/callback?code=[redacted]&state=1'],
    ['Authorization: Digest username="u", response="topsecret"', 'Authorization: [redacted]'],
    ['Incorrect API key provided: topsecret.', 'Incorrect API key provided: [redacted].'],
    ['the access token: topsecret', 'the access token: [redacted]'],
    ['run --api-key topsecret --model m', 'run --api-key [redacted] --model m'],
    ['run --password=topsecret', 'run --password=[redacted]'],
    ['postgres://app:top:secret@h/db', 'postgres://[redacted]@h/db'],
  ];
  for (const [given, shown] of hidden)
    test(`is shown without its secret: ${given.split('\n')[0]}`, () => {
      assert.equal(redactText(given), shown);
    });

  test('is shown as it is where it only speaks of secrets', () => {
    for (const text of [
      ...[
        'Unexpected token \'<\', "<!DOCTYPE" is not valid JSON',
        'Unexpected token: foo',
        'password is required',
        'wrong key: 5',
      ],
      ...[
        '{"max_tokens":5,"password":null,"token":12}',
        'missing bearer token',
        'Basic authentication',
        'at f (/srv/token.js:12:3)',
      ],
      ...[
        'http://localhost:8080/a@b',
        '?code=404',
        '["password","reset"]',
        'git@github.com:a/b.git',
        'time: 12:30',
        'a: b',
        'https://unpkg.com/react@18.0',
      ],
    ])
      assert.equal(redactText(text), text);
  });

  test('of a stack is searched where it is not a place in this program', () => {
    const frame = '    at ask (/srv/token-key/index.js:12:3)';
    const stack = (message: string, last: string) =>
      `Error: ${message}\n${frame}\n${last}\ncaused by: Error: ${message}\n${frame}`;
    const shown = redactText(stack('password=topsecret', '    at get (https://host/?api_key=topsecret:1:2)'));
    assert.equal(shown, stack('password=[redacted]', '    at get (https://host/?api_key=[redacted])'));
    const inMessage = redactText(`Error: upstream said\n    at sk-topsecret1234567890\n${frame}`);
    assert.doesNotMatch(inMessage, /topsecret/);
    const { stack: own = '' } = new Error('plain');
    assert.equal(redactText(own), own);
  });

  test('that is long is cut, and searched also where a key stands across the cut', () => {
    const key = `sk-${'Ab3'.repeat(20)}`;
    for (const before of [90, 97, 99, 100, 150]) {
      const shown = redactText(`${'x '.repeat(before / 2)}${key}${' y'.repeat(2000)}`, 100);
      assert.doesNotMatch(shown, /Ab3/);
      assert.match(shown, /^x x x .*…\[\d+ characters cut\]$/);
    }
  });

  test('that was searched already stays as it is', () => {
    const words = fc.constantFrom(
      'password',
      '=',
      ': ',
      '"',
      'sk-',
      'Ab3Ab3Ab3Ab3Ab3Ab3',
      '[redacted]',
      '://',
      '@',
      ' ',
      '\\',
      ',',
      'a',
    );
    const property = fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
      const shown = redactText(parts.join(''));
      assert.equal(redactText(shown), shown);
    });
    fc.assert(property, { numRuns: 3000, seed: Number(process.env.FUZZ_SEED ?? 1) });
  });
});

describe('the time that a search takes grows as the text, no faster', () => {
  test('for every pattern', () => {
    const patterns = [
      ...assignmentPatterns,
      ...namePatterns,
      ...textPatterns,
      ...secretPlaces.map(({ pattern }) => pattern),
    ];
    for (const { source, flags } of patterns) {
      const { status, checker } = checkSync(source, flags, { timeout: 60_000 });
      assert.deepEqual([status, checker], ['safe', 'automaton'], source);
    }
  });

  test('for every shape of a key: its beginning is of a bounded length, and then one kind of character follows', () => {
    for (const shape of keyShapes) {
      assert.match(shape.characters, /^\[[^\]]+\]$/);
      for (const start of startsOf(shape)) {
        assert.doesNotMatch(start, /[*+]|\{\d+,\}/);
        const { status } = checkSync(`(?:${start})(${shape.characters}+)`, 'y');
        assert.equal(status, 'safe', start);
      }
    }
  });
});

test('a secret never becomes the value of a label', async () => {
  const { monitoredQuery, metrics, exposition } = testMonitoring();
  const key = `gsk_${'Ab3'.repeat(16)}`;
  metrics.errorsTotal.inc({ error_type: `Refused ${key}`, endpoint: '/x?token=topsecret' });
  await monitoredQuery({ operation: 'ask' })(async () => ({ model: key, input_tokens: 1, output_tokens: 1 }))();
  assert.doesNotMatch(await exposition(), /Ab3Ab3|topsecret/);
  assert.match(await exposition(), /rag_errors_total\{error_type="\[redacted\]",endpoint="\[redacted\]"\} 1/);
});
