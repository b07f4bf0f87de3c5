GLOBL x, $4
GLOBL x(SB), $y
GLOBL x+4(SB), $4
DATA x(SB)/3, $1
DATA x(SB)/8, AX
DATA x(SB), $1
DATA y+8(SB)/8, $1
DATA y+4(SB)/8, $1
DATA z+0(SB)/4, $·a(SB)
DATA z+4(SB)/2, $1.5
TEXT foo, 4, $0
TEXT ·f(SB), x, $0
TEXT ·g(SB), 4, 0
TEXT ·h(SB), 4, $-
TEXT ·i(SB), 4, $8-x
TEXT ·j(SB), 4, $8
a:
a:
	NOP
	JEQ a
	MOVQ FP, AX
	RET
