/** What tells an archive from another one of the same package: its build ID, which has the content's hash, as the go command trusts it, and its size. */
import { decodeText } from '#base/bytes.ts';

export interface Archive {
  readonly path: string;
  readonly buildId: string;
  readonly size: number;
}

/** So much of an archive has the build ID in it. */
export const identityLength = 1024;

/** The build ID that the start of an archive tells, "" if it tells none. */
export function buildIdOf(start: Uint8Array): string {
  const m = /^!<arch>\n__\.PKGDEF[^\n]*\ngo object [^\n]*\nbuild id ("[^"\n]*")\n/.exec(decodeText(start));
  return m === null ? '' : m[1];
}
