// Prologues of all sizes, parameters and locals, PUSH and POP, tail calls, wrappers.
#include "textflag.h"
#include "funcdata.h"

TEXT ·leaf(SB), 0, $0-16
	MOVQ a+0(FP), AX
	MOVQ AX, ret+8(FP)
	RET

TEXT ·small(SB), 0, $24-16
	MOVQ a+0(FP), AX
	MOVQ AX, x-8(SP)
	CALL ·leaf(SB)
	MOVQ x-16(SP), AX
	RET

TEXT ·medium(SB), 0, $1024-8
	NO_LOCAL_POINTERS
	CALL ·small(SB)
	CMPQ AX, $0
	JEQ done
	PUSHQ AX
	MOVQ x-8(SP), BX
	MOVQ a+0(FP), BX
	POPQ AX
	RET
done:
	CALL *table(SB)
	CALL R12
	CALL (AX)
	CALL 8(AX)(BX*8)
	RET

TEXT ·large(SB), 0, $8192-8
	CALL ·small(SB)
	RET

TEXT ·ctxt(SB), NEEDCTXT, $200-8
	CALL ·small(SB)
	RET

TEXT ·wrapper(SB), WRAPPER|DUPOK, $16-8
	CALL ·small(SB)
	RET

TEXT ·noframe(SB), NOSPLIT|NOFRAME, $0
	JMP ·small(SB)

TEXT ·tail(SB), 0, $32-0
	CALL ·small(SB)
	RET ·small(SB)

TEXT ·top(SB), NOSPLIT|TOPFRAME, $0
	UNDEF

TEXT ·spwrite(SB), NOSPLIT, $0
	MOVQ AX, SP
	RET

TEXT ·adjust(SB), NOSPLIT, $0
	ADJSP $128
	ADJSP $-128
	ADJSP $64
	ADJSP $-64
	RET

TEXT static<>(SB), NOSPLIT, $8
	CALL ·small(SB)
	RET

TEXT ·morearg(SB), NOSPLIT, $0-8
	GO_ARGS
	RET
