/** The official compiler's flags (cmd/compile/internal/base, CmdFlags). */
import { type FlagSpec, flagSpecs, type ParsedFlags } from './tool-flags.ts';

export const compilerFlags: readonly FlagSpec[] = [
  ...flagSpecs(
    'bool',
    false,
    'asan clobberdead clobberdeadreg complete dwarf dwarfbasentries dwarflocationlists dynlink errorurl linkshared live msan nolocalimports pack race shared smallframes std wb',
  ),
  ...flagSpecs(
    'string',
    false,
    'D I asmhdr bench blockprofile buildid coveragecfg cpuprofile d embedcfg env goversion importcfg installsuffix json lang linkobj memprofile mutexprofile o p pgoprofile spectre symabis traceprofile trimpath',
  ),
  ...flagSpecs('int', false, 'c gendwarfinl memprofilerate'),
  ...flagSpecs('count', false, '% + B C E K L N S V W e h j l m r t v w'),
];

/** What is wrong with the values of flags whatever the package is, or "". */
export function wrongValue(f: ParsedFlags): string {
  const concurrency = f.int('c', 1);
  if (concurrency < 1) return `-c must be at least 1, got ${concurrency}`;
  if (/(^|,)ssa\/(help)?(,|$)/.test(f.text('d', '')))
    return 'PhaseOptions usage: -d=ssa/<phase>/<flag>[=<value>], none of which can be followed yet';
  return '';
}
