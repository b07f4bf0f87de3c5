/** The Go release whose tree and language this toolchain implements. */
export const goVersion = 'go1.26.8';
