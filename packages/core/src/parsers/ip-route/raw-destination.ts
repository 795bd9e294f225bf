/**
 * The first `"dst"` of each object of a JSON array of objects, by position; nothing for any other JSON.
 *
 * For routes with `encap ip` and `encap ip6` iproute2 prints `"dst"` twice in one object, first the destination of the
 * route and then the end of the tunnel, and a JSON parser keeps the last one
 * (`print_encap_ip` in https://git.kernel.org/pub/scm/network/iproute2/iproute2.git/tree/ip/iproute_lwtunnel.c).
 */
export function firstDestinations(text: string): readonly (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"' && depth > 1) at = endOfString(text, at);
    else if (character === '{' || character === '[') {
      depth++;
      if (depth === 2) start = at;
    } else if (character === '}' || character === ']') {
      if (depth === 2) found.push(/"dst"\s*:\s*"([^"]*)"/.exec(text.slice(start, at))?.[1]);
      depth--;
    } else if (depth === 1 && !/[\s,]/.test(character ?? '')) return [];
  }
  return found;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
