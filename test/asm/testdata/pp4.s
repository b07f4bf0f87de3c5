#define A A
TEXT ·f(SB),4,$0
 A
