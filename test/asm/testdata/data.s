// DATA and GLOBL in every order and kind.
#include "textflag.h"
DATA ·ints+0(SB)/1, $-1
DATA ·ints+1(SB)/1, $'a'
DATA ·ints+2(SB)/2, $0x1234
DATA ·ints+4(SB)/4, $(1<<31)
DATA ·ints+8(SB)/8, $~0
GLOBL ·ints(SB), NOPTR, $24
DATA ·floats+0(SB)/4, $1.5
DATA ·floats+8(SB)/8, $(-2.5e10)
GLOBL ·floats(SB), RODATA, $16
DATA ·text+0(SB)/8, $"ab\n\x01\"z"
GLOBL ·text(SB), RODATA|DUPOK, $8
DATA ·addr+0(SB)/8, $·ints+8(SB)
DATA ·addr+8(SB)/8, $priv<>(SB)
GLOBL ·addr(SB), $16
GLOBL ·zero(SB), NOPTR, $100
GLOBL ·zeroPtr(SB), $8
GLOBL ·tls(SB), TLSBSS, $8
DATA priv<>+0(SB)/8, $1
GLOBL priv<>(SB), RODATA, $8
GLOBL late(SB), NOPTR, $16
DATA late+0(SB)/8, $3
DATA undefined+0(SB)/8, $3
TEXT ·use(SB), NOSPLIT, $0
	MOVQ $·ints(SB), AX
	MOVQ ·ints+8(SB), AX
	MOVQ priv<>(SB), BX
	MOVSD $(1.25), X0
	MOVSS $(0.0), X1
	ADDSD $(-0.0), X2
	MOVSD $(0x1p-2), X3
	LEAQ ·zero+50(SB), CX
	CMPL ·ints(SB), $7
	MOVB $1, ·ints(SB)
	MOVQ (TLS), CX
	MOVQ TLS, BX
	MOVQ 0(BX)(TLS*1), CX
	MOVQ $0xffffffff, AX
	MOVQ $-1, AX
	MOVQ $0x123456789a, AX
	BYTE $0x90; WORD $0x9090; LONG $0x90909090; QUAD $0x9090909090909090
	RET
