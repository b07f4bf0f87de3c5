TEXT ·a(SB), 4, $0
	NOP
#line 100 "other.s"
	MOVQ AX, BX

	MOVQ BX, AX
#line 7 "/abs/third.s"
	RET
/* a comment
   of three
   lines */ TEXT ·b(SB), 4, $0
	PCDATA $0, $-2
	MOVQ AX, BX
	PCDATA $0, $-1
	PCDATA $1, $5
	MOVQ AX, BX
	RET
