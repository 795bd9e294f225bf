/**
 * What secrets look like, as POSIX extended regular expressions that mean the same to JavaScript: the collection script
 * gives these very texts to awk. So no `\b`, `\d`, `{n}`, look-around or lazy quantifiers. Texts are matched in lower
 * case unless said otherwise. A `]` never stands in brackets, where the two disagree.
 */

const QUOTE = `["']`;
const ESCAPES = '[\\\\]*';
const BLANKS = '[ \t\r]*';

const KEYS = `(api|access|private|shared|secret|encryption|encrypt|signing|fastopen|wep|license|master|session)[ _-]?key`;

/** Names that end like this hold a secret. */
const NAMES = [
  '(^|[^a-z])(pass|psk|auth|pin)',
  '(db|root|user|admin|store|key)pass',
  '[a-z0-9_-]pwd',
  'passw(or)?ds?',
  'passphrases?',
  'passcodes?',
  'secrets?',
  'tokens?',
  'credentials?',
  'client-key-data',
  'client-certificate-data',
  '[.]?docker(configjson|cfg)',
  'connection[_-]?string',
  KEYS,
].join('|');
const NAME = `(${NAMES})([_-]?(raw|hash|value|data|base64|b64))?[0-9]*`;

/** A name of a secret as a whole: `clientSecret`, `wep-key0`, `REGISTRY_PASSWORD`. */
export const SECRET_NAME = `${NAME}$`;

const TO_VALUE = `${ESCAPES}${QUOTE}?${BLANKS}(:=|=>|[:=])${BLANKS}`;

/** From the name of a secret to where its value starts. */
export const NAME_TO_VALUE = `${NAME}${TO_VALUE}`;

const ENV_NAME = `name${TO_VALUE}${ESCAPES}${QUOTE}?[a-z0-9_.-]*${NAME}${ESCAPES}${QUOTE}?${BLANKS},?${BLANKS}`;
const VALUE_KEY = `${ESCAPES}${QUOTE}?value${TO_VALUE}`;

/** `name: DB_PASSWORD, value: `: an environment variable in a workload, up to the value. */
export const ENV_TO_VALUE = `${ENV_NAME}${VALUE_KEY}`;

/** The first line of such a variable whose value is on the next one. */
export const ENV_LINE_END = `${ENV_NAME}$`;

/** The start of that next line. */
export const ENV_VALUE_LINE = `^${BLANKS}${VALUE_KEY}`;

/** `--token `: a flag up to its value, which is the next word. */
export const FLAG_TO_VALUE = `(^|[ \t"'])--?[a-z0-9_.-]*${NAME}[ \t]+`;

/** A flag whose value is on the next line. */
export const FLAG_LINE_END = `^${BLANKS}(- +)?${QUOTE}?--?[a-z0-9_.-]*${NAME}${QUOTE}?,?${BLANKS}$`;

/** The heading of a TOML table or INI section in which every value is a secret. */
export const SECRET_HEADING = `^${BLANKS}[[](.*[^a-z])?(auth|secrets?|credentials?|passwords?|tokens?|macsec[a-z]*)${QUOTE}?]+${BLANKS}(#|$)`;

/** Any heading. */
export const HEADING = `^${BLANKS}[[][^=]*]${BLANKS}(#|$)`;

/** A line that starts with a key. */
export const KEY_LINE = `^${QUOTE}?[a-z0-9_./-]+${QUOTE}?${BLANKS}[:=]${BLANKS}`;

/** A line of a TOML or INI file up to the value. */
export const KEY_EQUALS = `^${BLANKS}${QUOTE}?[a-z0-9_.-]+${QUOTE}?${BLANKS}=${BLANKS}`;

/** Keys that name or place a secret rather than hold it. */
export const NAMING_KEY = `(name|namespace|path|file|mode|kind|optional)${QUOTE}?${BLANKS}[:=]${BLANKS}$`;

/** Values that are not worth hiding. */
export const NO_SECRET = '^(true|false|null|nil|none|yes|no|~|<redacted:[a-z]*>)?$';

/** A value of YAML that only says that a block follows. */
export const BLOCK_START = '^[|>][0-9+-]*$';

/** Texts that are secrets whatever stands in front of them. */
export interface SecretShape {
  readonly kind: string;
  readonly pattern: string;
  /** The start of the match that is kept. */
  readonly keep: string;
  /** How many characters at the end of the match are kept. */
  readonly keepEnd?: number;
  /** Matched as it stands, not in lower case. */
  readonly exact?: true;
  /** Looked for only in lines with this. */
  readonly near?: string;
}

const AUTHORIZATION = `authorization${ESCAPES}${QUOTE}?${BLANKS}[:=]${BLANKS}${ESCAPES}${QUOTE}?(basic|bearer|digest|negotiate|token|apikey) +`;
const BEARER_CHARACTER = '[a-z0-9._~+/=-]';
const TOKEN_CHARACTER = '[a-z0-9]';

export const SECRET_SHAPES: readonly SecretShape[] = [
  {
    // A JSON web token, or a cut one, by its usual headers: `{"alg":`, `{"typ":`, `{"kid":`, `{"enc":` in base64url.
    kind: 'token',
    pattern: 'eyJ(hbGciOi|0eXAiOi|raWQiOi|lbmMiOi)[A-Za-z0-9_.=-]*',
    keep: '^',
    exact: true,
  },
  {
    // Any other: `{"` in base64url, then its other parts.
    kind: 'token',
    pattern: '(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)+',
    keep: '^[^A-Za-z0-9]?',
    exact: true,
  },
  { kind: 'pem', pattern: 'LS0tLS1CRUdJTi[A-Za-z0-9+/=]*', keep: '^', exact: true },
  { kind: 'auth', pattern: `${AUTHORIZATION}[^"'\\\\]+`, keep: `^${AUTHORIZATION}` },
  {
    kind: 'token',
    pattern: `bearer[ \t]+${BEARER_CHARACTER.repeat(12)}${BEARER_CHARACTER}*`,
    keep: '^bearer[ \t]+',
  },
  {
    kind: 'password',
    pattern: `://[^/:@ \t"'<>]*:[^/ \t"'<>]+@`,
    keep: `^://[^/:@ \t"'<>]*:`,
    keepEnd: 1,
  },
  {
    kind: 'token',
    pattern: '(gh[pousr]_|glpat-|xox[abprs]-)[A-Za-z0-9_-]+',
    keep: '^',
    exact: true,
  },
  {
    // A bootstrap token of kubeadm.
    kind: 'token',
    pattern: `(^|[^a-z0-9.-])${TOKEN_CHARACTER.repeat(6)}[.]${TOKEN_CHARACTER.repeat(16)}`,
    keep: '^[^a-z0-9]?',
    near: 'token|join',
  },
  {
    // A key of `ip xfrm state`.
    kind: 'key',
    pattern: '(enc|auth|auth-trunc|aead)[ \t]+[^ \t(]+[(][^ \t]*[)][ \t]+0x[0-9a-f]+',
    keep: '^[^ \t]+[ \t]+[^ \t]+[ \t]+',
  },
  // A line of ipsec.secrets.
  { kind: 'key', pattern: `(^|[^a-z])psk[ \t]+["'][^"']*["']`, keep: '^[^a-z]?psk[ \t]+' },
];

/** Lines without any of this have no secret of the shapes above. */
export const SHAPE_HINT = 'eyj|ls0tls1|authorization|bearer|://|gh[pousr]_|glpat-|xox|token|join|0x|psk';

/** The kind of a secret from its name: the first of these that is in it. */
export const KINDS: readonly (readonly [part: string, kind: string])[] = [
  ['certificate', 'certificate'],
  ['key', 'key'],
  ['psk', 'key'],
  ['token', 'token'],
  ['pass', 'password'],
  ['pwd', 'password'],
  ['pin', 'password'],
  ['auth', 'auth'],
];

/** The kind of secrets whose name tells nothing more. */
export const OTHER_KIND = 'secret';
