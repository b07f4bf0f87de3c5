#define B(x) MOVQ x, AX
TEXT ·f(SB),4,$0
 B(CX, DX)
