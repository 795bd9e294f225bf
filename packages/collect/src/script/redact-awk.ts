import {
  BLOCK_START,
  ENV_LINE_END,
  ENV_TO_VALUE,
  ENV_VALUE_LINE,
  FLAG_LINE_END,
  FLAG_TO_VALUE,
  HEADING,
  KEY_EQUALS,
  KEY_LINE,
  KINDS,
  NAME_TO_VALUE,
  NAMING_KEY,
  NO_SECRET,
  OTHER_KIND,
  SECRET_HEADING,
  SECRET_SHAPES,
} from '../redact/patterns.ts';
import { LONGEST_PEM } from '../redact/pem.ts';

/** How the awk program ends where a secret may go on over several lines: the file must not be kept. */
export const UNSURE = 9;

/**
 * The awk program that takes secrets out of a text, from the same patterns as `LineRedactor`; the same text comes out.
 * It does not follow secrets over several lines, PEM blocks and arguments aside: it ends with {@link UNSURE} there.
 * Variables: `mode`, and `counts`, a file for lines `kind count`.
 */
export function redactAwk(): string {
  return [patterns(), KIND_OF_START, ...kinds(), KIND_OF_END, FUNCTIONS, shapes(), MAIN].join('\n');
}

function patterns(): string {
  const all = {
    BLOCK_START,
    ENV_LINE_END,
    ENV_TO_VALUE,
    ENV_VALUE_LINE,
    FLAG_LINE_END,
    FLAG_TO_VALUE,
    HEADING,
    KEY_EQUALS,
    KEY_LINE,
    NAME_TO_VALUE,
    NAMING_KEY,
    NO_SECRET,
    SECRET_HEADING,
  };
  const lines = Object.entries(all).map(([name, pattern]) => `  ${name} = ${quoted(pattern)}`);
  return ['BEGIN {', ...lines, '  NEST = -1', '}'].join('\n');
}

const KIND_OF_START = 'function kind_of(name) {';
const KIND_OF_END = `  return "${OTHER_KIND}"\n}`;

function kinds(): readonly string[] {
  return KINDS.map(([part, kind]) => `  if (index(name, "${part}")) return "${kind}"`);
}

function shapes(): string {
  const calls = SECRET_SHAPES.map(({ kind, pattern, keep, keepEnd = 0, exact, near }) => {
    const call = `line = shape(line, "${kind}", ${quoted(pattern)}, ${quoted(keep)}, ${keepEnd}, ${exact === true ? 1 : 0})`;
    return near === undefined ? `  ${call}` : `  if (small ~ ${quoted(near)}) ${call}`;
  });
  return ['function shapes(line,   small) {', '  small = tolower(line)', ...calls, '  return line', '}'].join(
    '\n',
  );
}

/** A string of awk. */
function quoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

const FUNCTIONS = String.raw`
function put(kind) {
  COUNT[kind]++
  return "<redacted:" kind ">"
}
function trimmed_length(text,   n) {
  n = length(text)
  while (n > 0 && substr(text, n, 1) ~ /[ \t\r]/) n--
  return n
}
function indent_of(text) {
  if (match(text, /^[ \t]*(- +)*/)) return RLENGTH
  return 0
}
function whole(text, kind,   end, start) {
  end = trimmed_length(text)
  start = indent_of(text)
  if (start > end) start = end
  if (start == end || substr(text, start + 1, end - start) ~ NO_SECRET) return text
  return substr(text, 1, start) put(kind) substr(text, end + 1)
}
function scalar(line, kind,   end, start, body, comma, quote, bare) {
  end = trimmed_length(line)
  start = indent_of(line)
  if (start > end) start = end
  body = substr(line, start + 1, end - start)
  if (body ~ /^#/ || body ~ /^([[{}(),;|>"'-]|])*$/) return line
  comma = body ~ /,$/ ? "," : ""
  bare = substr(body, 1, length(body) - length(comma))
  quote = bare ~ /^["']/ ? substr(bare, 1, 1) : ""
  sub(/^["']/, "", bare)
  sub(/["']$/, "", bare)
  if (tolower(bare) ~ NO_SECRET) return line
  return substr(line, 1, start) quote put(kind) quote comma substr(line, end + 1)
}
function unsure() {
  FAILED = 1
  exit
}
function closing_quote(text, from, escapes, quote,   n, at, run, char) {
  n = length(text)
  run = 0
  for (at = from; at <= n; at++) {
    char = substr(text, at, 1)
    if (char == "\\" && (quote == "\"" || escapes > 0)) run++
    else if (char == quote) {
      if (quote == "'" && escapes == 0 && substr(text, at + 1, 1) == "'") at++
      else if (run >= escapes && int(run / (escapes + 1)) % 2 == 0) return at
      run = 0
    } else run = 0
  }
  return 0
}
function open_value(text) {
  if (mode == "configuration") unsure()
  V_LENGTH = length(text)
  V_AFTER = ""
}
function read_quoted(text, head,   escapes, quote, triple, mark, end, next_char) {
  match(text, /^[\\]*/)
  escapes = RLENGTH < 0 ? 0 : RLENGTH
  quote = substr(text, escapes + 1, 1)
  triple = quote quote quote
  if (escapes == 0 && substr(text, 1, 3) == triple) {
    V_BEFORE = V_AFTER = triple
    end = index(substr(text, 4), triple)
    V_CONTENT = end ? substr(text, 4, end - 1) : substr(text, 4)
    V_LENGTH = end + 5
    if (!end) open_value(text)
    return
  }
  mark = substr(text, 1, escapes + 1)
  V_BEFORE = V_AFTER = mark
  end = closing_quote(text, escapes + 2, escapes, quote)
  if (!end) {
    V_CONTENT = substr(text, escapes + 2)
    open_value(text)
    return
  }
  next_char = substr(text, end + 1, 1)
  if (next_char == "" || next_char ~ /[ \t,;})\r\\]/ || next_char == "]" || (next_char ~ /["']/ && index(head, next_char))) {
    V_LENGTH = end
    V_CONTENT = substr(text, escapes + 2, end - 2 * escapes - 2)
  } else {
    V_LENGTH = trimmed_length(text)
    V_CONTENT = text
  }
}
function read_brackets(text,   n, at, char, depth, quote, comma) {
  n = length(text)
  depth = 0
  quote = ""
  for (at = 1; at <= n; at++) {
    char = substr(text, at, 1)
    if (quote != "") {
      if (char == "\\" && quote == "\"") at++
      else if (char == quote) quote = ""
    } else if (char == "\"" || char == "'") quote = char
    else if (char == "[" || char == "{") depth++
    else if (char == "]" || char == "}") {
      depth--
      if (depth == 0) {
        V_LENGTH = at
        V_BEFORE = V_AFTER = "\""
        V_CONTENT = substr(text, 2, at - 2)
        gsub(/^[ \t]+|[ \t]+$/, "", V_CONTENT)
        return
      }
    }
  }
  open_value(text)
  V_LENGTH = trimmed_length(text)
  comma = substr(text, V_LENGTH, 1) == "," ? "," : ""
  V_BEFORE = substr(text, 1, 1) "\""
  V_AFTER = "\"" comma
  V_CONTENT = substr(text, 2, V_LENGTH - 1 - length(comma))
  gsub(/^[ \t]+|[ \t]+$/, "", V_CONTENT)
}
function bare_length(text, head, islog,   end, at, stop) {
  end = trimmed_length(text)
  if (islog) stop = "[ \t\"']"
  else if (head ~ /[[{]/ || head ~ /["'][ \t\r]*:[ \t\r]*$/) stop = "[,}\"']|]"
  else if (head ~ /["']/) stop = "[\"']"
  else return end
  at = match(text, stop)
  return at == 0 || at - 1 > end ? end : at - 1
}
function read_value(text, head, islog) {
  V_BEFORE = V_AFTER = ""
  if (text ~ /^[\\]*["']/) read_quoted(text, head)
  else if (text ~ /^[[{]/) read_brackets(text)
  else {
    V_LENGTH = bare_length(text, head, islog)
    V_CONTENT = substr(text, 1, V_LENGTH)
    if (head ~ /"[ \t\r]*:[ \t\r]*$/) V_BEFORE = V_AFTER = "\""
  }
}
function follow(head,   empty) {
  if (mode != "configuration" || (V_AFTER != "" && V_CONTENT != "")) return
  if (V_CONTENT ~ /[\\]$/) unsure()
  empty = V_CONTENT == ""
  if (V_BEFORE == "" && tolower(head) ~ /^[ \t]*(- +)*["']?[a-z0-9_.\/-]*["']?[ \t\r]*:[ \t\r]*$/) {
    NEST = indent_of(head)
    NEST_SAME = empty
  }
  BELOW = empty && V_LENGTH == 0 && head ~ /:[ \t\r]*$/
}
function after(line, pattern, kind, isflag,   small, out, rest, found) {
  out = ""
  rest = line
  small = tolower(line)
  while (match(small, pattern)) {
    found = kind == "" ? kind_of(substr(small, RSTART, RLENGTH)) : kind
    out = out substr(rest, 1, RSTART + RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
    small = tolower(rest)
    if (isflag && rest ~ /^-/) continue
    read_value(rest, out, mode == "logs" || isflag)
    follow(out)
    if (tolower(V_CONTENT) ~ NO_SECRET || V_CONTENT ~ BLOCK_START) out = out substr(rest, 1, V_LENGTH)
    else out = out V_BEFORE put(found) V_AFTER
    rest = substr(rest, V_LENGTH + 1)
    small = tolower(rest)
    if (kind != "") break
  }
  return out rest
}
function fresh(line,   small) {
  small = tolower(line)
  if (mode == "configuration") {
    if (small ~ HEADING) TABLE = small ~ SECRET_HEADING ? kind_of(small) : ""
    if (TABLE != "" && match(small, KEY_EQUALS) && substr(small, 1, RLENGTH) !~ NAMING_KEY) return after(line, KEY_EQUALS, TABLE, 0)
  }
  line = after(line, ENV_TO_VALUE, "", 0)
  line = after(line, NAME_TO_VALUE, "", 0)
  line = after(line, FLAG_TO_VALUE, "", 1)
  if (mode == "logs") return line
  if (small ~ FLAG_LINE_END) FLAG_BELOW = kind_of(small)
  else if (small ~ ENV_LINE_END) ENV_BELOW = 1
  return line
}
function continued(line,   body, column, kind) {
  body = substr(line, indent_of(line) + 1)
  body = substr(body, 1, trimmed_length(body))
  if (FLAG_BELOW != "") {
    kind = FLAG_BELOW
    FLAG_BELOW = ""
    if (body !~ /^(- +)?["']?-/) return scalar(line, kind)
  }
  if (ENV_BELOW) {
    ENV_BELOW = 0
    if (tolower(line) ~ ENV_VALUE_LINE) unsure()
  }
  if (body == "") {
    if (NEST >= 0 || BELOW) return line
    return fresh(line)
  }
  column = indent_of(line)
  if (NEST >= 0 && (column > NEST || (NEST_SAME && column == NEST && body ~ /^- /))) unsure()
  NEST = -1
  if (BELOW) {
    BELOW = 0
    if (tolower(body) !~ KEY_LINE && body !~ /^(-|#|]|})/) unsure()
  }
  return fresh(line)
}
function pem_here(line,   out, rest, end, body) {
  out = ""
  rest = line
  while (match(rest, /-----BEGIN [A-Za-z0-9 ]*-----/)) {
    out = out substr(rest, 1, RSTART + RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
    end = index(rest, "-----END ")
    body = substr(rest, 1, end ? end - 1 : trimmed_length(rest))
    rest = substr(rest, length(body) + 1)
    out = out ((body ~ /^([\\]*[rn])?$/ || body ~ /^<redacted:/) ? body : put("pem"))
  }
  return out rest
}
function shape(line, kind, pattern, keep, keep_end, exact,   done, rest, text, start, size, from, to) {
  done = ""
  rest = line
  while (match(exact ? rest : tolower(rest), pattern)) {
    start = RSTART
    size = RLENGTH
    text = substr(exact ? rest : tolower(rest), start, size)
    from = start
    if (match(text, keep) && RLENGTH > 0) from = start + RLENGTH
    to = start + size - keep_end
    done = done substr(rest, 1, from - 1)
    if (index(substr(rest, from), "<redacted:") == 1) done = done substr(rest, from, to - from)
    else done = done put(kind)
    rest = substr(rest, to)
  }
  return done rest
}`;

const MAIN = `
function last_index(text, part,   at, total) {
  total = 0
  while ((at = index(text, part)) > 0) {
    total += at
    text = substr(text, at + 1)
  }
  return total
}
{
  inside = PEM > 0
  if (inside) PEM = index($0, "-----END ") ? 0 : PEM - 1
  begins = last_index($0, "-----BEGIN ")
  if (begins && !index(substr($0, begins), "-----END ")) PEM = ${LONGEST_PEM}
  if (inside) {
    at = index($0, "-----END ")
    line = at ? whole(substr($0, 1, at - 1), "pem") substr($0, at) : whole($0, "pem")
  } else line = continued($0)
  print shapes(pem_here(line))
}
END {
  if (FAILED) exit ${UNSURE}
  for (kind in COUNT) print kind, COUNT[kind] > counts
}
`;
