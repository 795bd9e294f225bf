/**
 * What tools say, as POSIX extended regular expressions in lower case: the collection script gives these very texts to
 * grep.
 */

/** An ordinary user is not let in, or root lacks a capability. */
export const REFUSED =
  'permission denied|operation not permitted|must be root|need to be root|root privileges|requires root|superuser|insufficient (permissions|privileges)|access denied|not authorized';

/** What journalctl says when it shows only the messages of the user. It does not fail then. */
export const PARTLY_REFUSED = 'not seeing messages from other users';

/** What tools say when there is nothing to look into. Some do not fail then. */
export const NOT_THERE = 'no journal files were found';

/** The tool does not know the option, or was built without JSON. */
export const NOT_IN_THIS_FORMAT =
  'unknown option|invalid option|unrecognized option|option .* is unknown|illegal option|json support not compiled|usage:';
