/**
 * A cookie that the page leaves behind when somebody signs out, and the server takes away with the session. The session's
 * own cookies are out of the page's reach: where the server cannot be told, this makes it end the session before it
 * answers anything else, instead of showing a stranger at the same device what the person wanted gone.
 */
export function signedOutMark(isSecure: boolean): string {
  return isSecure ? '__Host-roundup-signed-out' : 'roundup-signed-out'
}
