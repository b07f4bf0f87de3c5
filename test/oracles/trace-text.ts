/** What of a trace the source decides: addresses, pointers, goroutine numbers and sizes of stacks are each build's own. */
export function normalizeTrace(text: string, withArgs: boolean): string {
  return (withArgs ? text : text.replace(/^([\w./·\-[\]]+(?:\(\*\w+\))?[\w.\-[\]]*)\(.*\)$/gm, '$1()'))
    .replace(/ \+0x[0-9a-f]+( fp=.*)?$/gm, '')
    .replace(/0x[0-9a-f]{6,}\??/g, '0xN')
    .replace(/^\.\.\.\d+ frames elided/gm, '...N frames elided')
    .replace(/\b(goroutine|in goroutine) \d+/g, '$1 N')
    .replace(/ gp=0xN m=(\d+|nil)( mp=0xN)?/g, '')
    .replace(/^(rax|rbx|rcx|rdx|rdi|rsi|rbp|rsp|r\d+|rip|rflags|cs|fs|gs) .*$/gm, '')
    .replace(/pc=0xN/g, 'pc')
    .replace(/PC=0xN m=\d+ sigcode=\d+/g, 'PC')
    .replace(/\{0x[0-9a-f]+\??, 0xN\}/g, '{T, 0xN}');
}
