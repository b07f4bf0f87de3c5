// Short and long branches both ways, chains, alignment, relative distances, byte operations on AX around them.
#define FILL8 MOVQ $0x1122334455667788, R8
#define FILL32 FILL8; FILL8; FILL8
#define FILL128 FILL32; FILL32; FILL32; FILL32; FILL32

TEXT ·jumps(SB), 4, $0
start:
	TESTB $1, AX
	JEQ near
	JNE far
	JMP chain
near:
	FILL32
	JMP start
	FILL128
	TESTB $1, AX
	CMPB AX, $3
	JMP start
	JEQ start
	LOOP here
here:
	JCXZW here
	JCXZQ here
	PCALIGN $32
aligned:
	DECQ CX
	JNE aligned
	JMP 2(PC)
	NOP
	JMP -1(PC)
	JEQ $1, aligned
	JEQ $0, far
	JMP AX
	JMP (AX)
	JMP 8(AX)(BX*2)
	JMP ·other(SB)
	XBEGIN far
chain:
	JMP chain2
chain2:
	JMP far
loop:
	JMP loop
	FILL128
far:
	RET

TEXT ·other(SB), 4, $0
	TESTB $1, AX
	PCALIGN $16
	JEQ end
	PCALIGN $64
	NOP
end:
	RET
