/** The flag -vet of `test`: which of vet's checks run before the tests (cmd/go/internal/test, vetFlag and defaultVetFlags). */

/** The checks that -vet may name. */
const analyzers = new Set(
  (
    'appends asmdecl assign atomic bool bools buildtag buildtags cgocall composites copylocks defers directive errorsas framepointer hostport ' +
    'httpresponse ifaceassert loopclosure lostcancel methods nilfunc printf rangeloops shift sigchanyzer slog stdmethods stdversion ' +
    'stringintconv structtag testinggoroutine tests timeformat unmarshal unreachable unsafeptr unusedresult waitgroup'
  ).split(' '),
);

/** The checks that hardly ever are wrong. */
const usual = 'atomic bool buildtags directive errorsas ifaceassert nilfunc printf slog stringintconv tests'.split(' ');

/** Why a value of -vet will not do, or "". */
export function checkVetFlag(value: string): string {
  if (value === '') return '';
  if (value.includes('=')) return '-vet argument cannot contain equal signs';
  if (value.includes(' ')) return '-vet argument is comma-separated list, cannot contain spaces';
  let single = '';
  let others = 0;
  for (const word of value.split(',')) {
    if (word === '') return '-vet argument contains empty list element';
    if (word === 'all' || word === 'off') single = word;
    else if (!analyzers.has(word))
      return `-vet argument must be a supported analyzer or a distinguished value; found ${word}`;
    else others++;
  }
  return others > 1 && single !== '' ? `-vet does not accept "${single}" in a list with other analyzers` : '';
}

/** Vet's arguments for a value of -vet; null: vet is not run. */
export function vetArguments(value: string): string[] | null {
  if (value === '') return usual.map((name) => `-${name}`);
  const words = value.split(',');
  if (words.includes('off')) return null;
  return words.filter((w) => w !== 'all').map((w) => `-${w}`);
}
