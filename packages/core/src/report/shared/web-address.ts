/** True for an address of the web with only characters that RFC 3986 allows: what a link may lead to. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/(?:%[0-9A-Fa-f]{2}|[\w.~!$&'()*+,;=:@/?#-])+$/.test(text);
}
