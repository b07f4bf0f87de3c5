// Macros with and without arguments, nesting, conditionals, line continuation, include.
#include "textflag.h"
#define ADD2(a, b) ADDQ a, b; ADDQ b, a
#define EMPTY
#define ZERO() XORQ AX, AX
#define NAME ·m
#define BODY \
	MOVQ $1, AX; \
	MOVQ $2, BX

#ifdef FLAG
#define VALUE 7
#else
#define VALUE 9
#endif

#ifndef MISSING
#ifdef ALSO_MISSING
	this is not read at all $$$
#else
TEXT NAME(SB), NOSPLIT, $0-0
	ADD2(CX, DX)
	EMPTY
	ZERO()
	BODY
	MOVQ $(VALUE+VALUE*2), R8
	MOVQ $(1<<10|3&~1), R9
	RET
#endif
#endif
#undef VALUE
#define VALUE (3)
TEXT ·n(SB), NOSPLIT, $0
	MOVQ $VALUE, AX
	ADD2(AX, 8(BX)(CX*4))
	RET
