/** General-purpose and system instructions (Intel SDM volume 2). One line per form; rows.ts explains the columns. The first form that fits is used. */
export const table = `
AAA _ _ 37 ILLEGAL
AAD _ _ D5 0A ILLEGAL
AAM _ _ D4 0A ILLEGAL
AAS _ _ 3F ILLEGAL
ADCB i32,al i- 14 BYTES
ADCB i32,rmb im 80 /2 BYTES
ADCB rb,rmb rm 10 /r BYTES
ADCB rmb,rb mr 12 /r BYTES
ADCL i8,rm im 83 /2
ADCL i32,ax d- 15
ADCL i32,rm dm 81 /2
ADCL r,rm rm 11 /r
ADCL rm,r mr 13 /r
ADCQ i8,rm im W 83 /2
ADCQ i32,ax d- W 15
ADCQ i32,rm dm W 81 /2
ADCQ r,rm rm W 11 /r
ADCQ rm,r mr W 13 /r
ADCW i8,rm im 66 83 /2
ADCW i32,ax w- 66 15
ADCW i32,rm wm 66 81 /2
ADCW r,rm rm 66 11 /r
ADCW rm,r mr 66 13 /r
ADCXL rm,r mr 66 0F 38 F6 /r
ADCXQ rm,r mr W 66 0F 38 F6 /r
ADDB i32,al i- 04 BYTES
ADDB i32,rmb im 80 /0 BYTES
ADDB rb,rmb rm 00 /r BYTES
ADDB rmb,rb mr 02 /r BYTES
ADDL i8,rm im 83 /0
ADDL i32,ax d- 05
ADDL i32,rm dm 81 /0
ADDL r,rm rm 01 /r
ADDL rm,r mr 03 /r
ADDQ i8,rm im W 83 /0
ADDQ i32,ax d- W 05
ADDQ i32,rm dm W 81 /0
ADDQ r,rm rm W 01 /r
ADDQ rm,r mr W 03 /r
ADDW i8,rm im 66 83 /0
ADDW i32,ax w- 66 05
ADDW i32,rm wm 66 81 /0
ADDW r,rm rm 66 01 /r
ADDW rm,r mr 66 03 /r
ADOXL rm,r mr F3 0F 38 F6 /r
ADOXQ rm,r mr W F3 0F 38 F6 /r
ANDB i32,al i- 24 BYTES
ANDB i32,rmb im 80 /4 BYTES
ANDB rb,rmb rm 20 /r BYTES
ANDB rmb,rb mr 22 /r BYTES
ANDL i8,rm im 83 /4
ANDL i32,ax d- 25
ANDL i32,rm dm 81 /4
ANDL r,rm rm 21 /r
ANDL rm,r mr 23 /r
ANDQ i8,rm im W 83 /4
ANDQ i32,ax d- W 25
ANDQ i32,rm dm W 81 /4
ANDQ r,rm rm W 21 /r
ANDQ rm,r mr W 23 /r
ANDW i8,rm im 66 83 /4
ANDW i32,ax w- 66 25
ANDW i32,rm wm 66 81 /4
ANDW r,rm rm 66 21 /r
ANDW rm,r mr 66 23 /r
ARPL r,rm rm 63 /r ILLEGAL
BOUNDL r,m rm 62 /r ILLEGAL
BOUNDW r,m rm 66 62 /r
BSFL rm,r mr 0F BC /r
BSFQ rm,r mr W 0F BC /r
BSFW rm,r mr 66 0F BC /r
BSRL rm,r mr 0F BD /r
BSRQ rm,r mr W 0F BD /r
BSRW rm,r mr 66 0F BD /r
BSWAPL r o 0F C8
BSWAPQ r o W 0F C8
BTCL i8,rm im 0F BA /7
BTCL r,rm rm 0F BB /r
BTCQ i8,rm im W 0F BA /7
BTCQ r,rm rm W 0F BB /r
BTCW i8,rm im 66 0F BA /7
BTCW r,rm rm 66 0F BB /r
BTL i8,rm im 0F BA /4
BTL r,rm rm 0F A3 /r
BTQ i8,rm im W 0F BA /4
BTQ r,rm rm W 0F A3 /r
BTRL i8,rm im 0F BA /6
BTRL r,rm rm 0F B3 /r
BTRQ i8,rm im W 0F BA /6
BTRQ r,rm rm W 0F B3 /r
BTRW i8,rm im 66 0F BA /6
BTRW r,rm rm 66 0F B3 /r
BTSL i8,rm im 0F BA /5
BTSL r,rm rm 0F AB /r
BTSQ i8,rm im W 0F BA /5
BTSQ r,rm rm W 0F AB /r
BTSW i8,rm im 66 0F BA /5
BTSW r,rm rm 66 0F AB /r
BTW i8,rm im 66 0F BA /4
BTW r,rm rm 66 0F A3 /r
CALL rm m FF /2 IND
CALL rx,rx -m FF /2 IND
CBW _ _ 66 98
CDQ _ _ 99
CDQE _ _ W 98
CLAC _ _ 0F 01 CA
CLC _ _ F8
CLD _ _ FC
CLDEMOTE m m 0F 1C /0
CLFLUSH m m 0F AE /7
CLFLUSHOPT m m 66 0F AE /7
CLI _ _ FA
CLTS _ _ 0F 06
CLWB m m 66 0F AE /6
CMC _ _ F5
CMOVLCC rm,r mr 0F 43 /r
CMOVLCS rm,r mr 0F 42 /r
CMOVLEQ rm,r mr 0F 44 /r
CMOVLGE rm,r mr 0F 4D /r
CMOVLGT rm,r mr 0F 4F /r
CMOVLHI rm,r mr 0F 47 /r
CMOVLLE rm,r mr 0F 4E /r
CMOVLLS rm,r mr 0F 46 /r
CMOVLLT rm,r mr 0F 4C /r
CMOVLMI rm,r mr 0F 48 /r
CMOVLNE rm,r mr 0F 45 /r
CMOVLOC rm,r mr 0F 41 /r
CMOVLOS rm,r mr 0F 40 /r
CMOVLPC rm,r mr 0F 4B /r
CMOVLPL rm,r mr 0F 49 /r
CMOVLPS rm,r mr 0F 4A /r
CMOVQCC rm,r mr W 0F 43 /r
CMOVQCS rm,r mr W 0F 42 /r
CMOVQEQ rm,r mr W 0F 44 /r
CMOVQGE rm,r mr W 0F 4D /r
CMOVQGT rm,r mr W 0F 4F /r
CMOVQHI rm,r mr W 0F 47 /r
CMOVQLE rm,r mr W 0F 4E /r
CMOVQLS rm,r mr W 0F 46 /r
CMOVQLT rm,r mr W 0F 4C /r
CMOVQMI rm,r mr W 0F 48 /r
CMOVQNE rm,r mr W 0F 45 /r
CMOVQOC rm,r mr W 0F 41 /r
CMOVQOS rm,r mr W 0F 40 /r
CMOVQPC rm,r mr W 0F 4B /r
CMOVQPL rm,r mr W 0F 49 /r
CMOVQPS rm,r mr W 0F 4A /r
CMOVWCC rm,r mr 66 0F 43 /r
CMOVWCS rm,r mr 66 0F 42 /r
CMOVWEQ rm,r mr 66 0F 44 /r
CMOVWGE rm,r mr 66 0F 4D /r
CMOVWGT rm,r mr 66 0F 4F /r
CMOVWHI rm,r mr 66 0F 47 /r
CMOVWLE rm,r mr 66 0F 4E /r
CMOVWLS rm,r mr 66 0F 46 /r
CMOVWLT rm,r mr 66 0F 4C /r
CMOVWMI rm,r mr 66 0F 48 /r
CMOVWNE rm,r mr 66 0F 45 /r
CMOVWOC rm,r mr 66 0F 41 /r
CMOVWOS rm,r mr 66 0F 40 /r
CMOVWPC rm,r mr 66 0F 4B /r
CMOVWPL rm,r mr 66 0F 49 /r
CMOVWPS rm,r mr 66 0F 4A /r
CMPB al,i32 -i 3C BYTES
CMPB rmb,i32 mi 80 /7 BYTES
CMPB rmb,rb mr 38 /r BYTES
CMPB rb,rmb rm 3A /r BYTES
CMPL rm,i8 mi 83 /7
CMPL ax,i32 -d 3D
CMPL rm,i32 md 81 /7
CMPL rm,r mr 39 /r
CMPL r,rm rm 3B /r
CMPQ rm,i8 mi W 83 /7
CMPQ ax,i32 -d W 3D
CMPQ rm,i32 md W 81 /7
CMPQ rm,r mr W 39 /r
CMPQ r,rm rm W 3B /r
CMPSB _ _ A6 BYTES
CMPSL _ _ A7
CMPSQ _ _ W A7
CMPSW _ _ 66 A7
CMPW rm,i8 mi 66 83 /7
CMPW ax,i32 -w 66 3D
CMPW rm,i32 mw 66 81 /7
CMPW rm,r mr 66 39 /r
CMPW r,rm rm 66 3B /r
CMPXCHG16B rmb m W 0F C7 /1
CMPXCHG8B rmb m 0F C7 /1
CMPXCHGB rb,rmb rm 0F B0 /r BYTES
CMPXCHGL r,rm rm 0F B1 /r
CMPXCHGQ r,rm rm W 0F B1 /r
CMPXCHGW r,rm rm 66 0F B1 /r
CPUID _ _ 0F A2
CQO _ _ W 99
CRC32B rmb,r mr F2 0F 38 F0 /r
CRC32L rm,r mr F2 0F 38 F1 /r
CRC32Q rm,r mr W F2 0F 38 F1 /r
CRC32W rm,r mr 66 F2 0F 38 F1 /r
CWD _ _ 66 99
CWDE _ _ 98
DAA _ _ 27 ILLEGAL
DAS _ _ 2F ILLEGAL
DECB rmb m FE /1 BYTES
DECL rm m FF /1
DECQ rm m W FF /1
DECW rm m 66 FF /1
DIVB rmb m F6 /6 BYTES
DIVL rm m F7 /6
DIVQ rm m W F7 /6
DIVW rm m 66 F7 /6
EMMS _ _ 0F 77
ENDBR64 _ _ F3 0F 1E FA
FXRSTOR m m 0F AE /1
FXRSTOR64 m m W 0F AE /1
FXSAVE m m 0F AE /0
FXSAVE64 m m W 0F AE /0
HLT _ _ F4
ICEBP _ _ F1
IDIVB rmb m F6 /7 BYTES
IDIVL rm m F7 /7
IDIVQ rm m W F7 /7
IDIVW rm m 66 F7 /7
IMUL3L i8,rm,r imr 6B /r
IMUL3L i32,rm,r dmr 69 /r
IMUL3Q i8,rm,r imr W 6B /r
IMUL3Q i32,rm,r dmr W 69 /r
IMUL3W i8,rm,r imr 66 6B /r
IMUL3W i32,rm,r wmr 66 69 /r
IMULB rmb m F6 /5 BYTES
IMULL rm m F7 /5
IMULL i8,r in 6B /r
IMULL i32,r dn 69 /r
IMULL rm,r mr 0F AF /r
IMULQ rm m W F7 /5
IMULQ i8,r in W 6B /r
IMULQ i32,r dn W 69 /r
IMULQ rm,r mr W 0F AF /r
IMULW rm m 66 F7 /5
IMULW i8,r in 66 6B /r
IMULW i32,r wn 66 69 /r
IMULW rm,r mr 66 0F AF /r
INB i32 i E4 BYTES
INB _ _ EC BYTES
INCB rmb m FE /0 BYTES
INCL rm m FF /0
INCQ rm m W FF /0
INCW rm m 66 FF /0
INL i32 i E5
INL _ _ ED
INSB _ _ 6C BYTES
INSL _ _ 6D
INSW _ _ 66 6D
INT i32 i CD
INTO _ _ CE ILLEGAL
INVD _ _ 0F 08
INVLPG rmb m 0F 01 /7
INVPCID rm,r mr 66 0F 38 82 /r
INW i32 i 66 E5
INW _ _ 66 ED
IRETL _ _ CF
IRETQ _ _ W CF
IRETW _ _ 66 CF
JMP rm m FF /4
LAHF _ _ 9F
LARL rm,r mr 0F 02 /r
LARQ rm,r mr W 0F 02 /r
LARW rm,r mr 66 0F 02 /r
LDMXCSR m m 0F AE /2
LEAL m,r mr 8D /r
LEAQ m,r mr W 8D /r
LEAVEL _ _ C9 ILLEGAL
LEAVEQ _ _ C9
LEAVEW _ _ 66 C9
LEAW m,r mr 66 8D /r
LFENCE _ _ 0F AE E8
LFSL m,r mr 0F B4 /r
LFSQ m,r mr W 0F B4 /r
LFSW m,r mr 66 0F B4 /r
LGDT m m 0F 01 /2
LGSL m,r mr 0F B5 /r
LGSQ m,r mr W 0F B5 /r
LGSW m,r mr 66 0F B5 /r
LIDT m m 0F 01 /3
LLDT rm m 0F 00 /2
LMSW rm m 0F 01 /6
LOCK _ _ F0
LODSB _ _ AC BYTES
LODSL _ _ AD
LODSQ _ _ W AD
LODSW _ _ 66 AD
LSLL rm,r mr 0F 03 /r
LSLQ rm,r mr W 0F 03 /r
LSLW rm,r mr 66 0F 03 /r
LSSL m,r mr 0F B2 /r
LSSQ m,r mr W 0F B2 /r
LSSW m,r mr 66 0F B2 /r
LTR rm m 0F 00 /3
LZCNTL rm,r mr F3 0F BD /r
LZCNTQ rm,r mr W F3 0F BD /r
LZCNTW rm,r mr 66 F3 0F BD /r
MFENCE _ _ 0F AE F0
MONITOR _ _ 0F 01 C8
MOVB rb,rmb rm 88 /r BYTES
MOVB rmb,rb mr 8A /r BYTES
MOVB i32,rb io B0 BYTES
MOVB i32,rmb im C6 /0 BYTES
MOVBEL m,r mr 0F 38 F0 /r
MOVBEL r,m rm 0F 38 F1 /r
MOVBEQ m,r mr W 0F 38 F0 /r
MOVBEQ r,m rm W 0F 38 F1 /r
MOVBEW m,r mr 66 0F 38 F0 /r
MOVBEW r,m rm 66 0F 38 F1 /r
MOVBLSX rmb,r mr 0F BE /r BYTE1
MOVBLZX rmb,r mr 0F B6 /r BYTE1
MOVBQSX rmb,r mr W 0F BE /r BYTE1
MOVBQZX rmb,r mr W 0F B6 /r BYTE1
MOVBWSX rmb,r mr 66 0F BE /r BYTE1
MOVBWZX rmb,r mr 66 0F B6 /r BYTE1
MOVL r,rm rm 89 /r
MOVL rm,r mr 8B /r
MOVL i32,r do B8
MOVL i32,rm dm C7 /0
MOVL rm,mm mr 0F 6E /r
MOVL mm,rm rm 0F 7E /r
MOVL rm,x mr 66 0F 6E /r
MOVL x,rm rm 66 0F 7E /r
MOVL addr,r mr 8D /r
MOVL cr0,r -m 0F 20 /0
MOVL cr2,r -m 0F 20 /2
MOVL cr3,r -m 0F 20 /3
MOVL cr4,r -m 0F 20 /4
MOVL cr8,r -m 0F 20 /0 R
MOVL r,cr0 m- 0F 22 /0
MOVL r,cr2 m- 0F 22 /2
MOVL r,cr3 m- 0F 22 /3
MOVL r,cr4 m- 0F 22 /4
MOVL r,cr8 m- 0F 22 /0 R
MOVL dr0,r -m 0F 21 /0
MOVL dr6,r -m 0F 21 /6
MOVL dr7,r -m 0F 21 /7
MOVL r,dr0 m- 0F 23 /0
MOVL r,dr6 m- 0F 23 /6
MOVL r,dr7 m- 0F 23 /7
MOVL tr6,rm -m 0F 24 /6
MOVL tr7,rm -m 0F 24 /7
MOVL rm,tr6 m- 0F 26 /6
MOVL rm,tr7 m- 0F 26 /7
MOVL m,gdtr m- 0F 01 /2
MOVL gdtr,m -m 0F 01 /0
MOVL m,idtr m- 0F 01 /3
MOVL idtr,m -m 0F 01 /1
MOVLQSX rm,r mr W 63 /r
MOVLQZX rm,r mr 8B /r
MOVNTIL r,rm rm 0F C3 /r
MOVNTIQ r,rm rm W 0F C3 /r
MOVQ m,mm mr 0F 6F /r
MOVQ mm,m rm 0F 7F /r
MOVQ x,mm mr F2 0F D6 /r
MOVQ xm,x mr F3 0F 7E /r
MOVQ x,xm rm 66 0F D6 /r
MOVQ r,rm rm W 89 /r
MOVQ rm,r mr W 8B /r
MOVQ s32,r dm W C7 /0
MOVQ i32,r do B8
MOVQ i64,r qo W B8
MOVQ i32,rm dm W C7 /0
MOVQ mmm,mm mr W 0F 6E /r
MOVQ mm,mmm rm W 0F 7E /r
MOVQ rm,x mr W 66 0F 6E /r
MOVQ x,rm rm W 66 0F 7E /r
MOVQ addr,r mr W 8D /r
MOVQ cr0,r -m 0F 20 /0
MOVQ cr2,r -m 0F 20 /2
MOVQ cr3,r -m 0F 20 /3
MOVQ cr4,r -m 0F 20 /4
MOVQ cr8,r -m 0F 20 /0 R
MOVQ r,cr0 m- 0F 22 /0
MOVQ r,cr2 m- 0F 22 /2
MOVQ r,cr3 m- 0F 22 /3
MOVQ r,cr4 m- 0F 22 /4
MOVQ r,cr8 m- 0F 22 /0 R
MOVQ dr0,r -m 0F 21 /0
MOVQ dr2,r -m 0F 21 /2
MOVQ dr3,r -m 0F 21 /3
MOVQ dr6,r -m 0F 21 /6
MOVQ dr7,r -m 0F 21 /7
MOVQ r,dr0 m- 0F 23 /0
MOVQ r,dr2 m- 0F 23 /2
MOVQ r,dr3 m- 0F 23 /3
MOVQ r,dr6 m- 0F 23 /6
MOVQ r,dr7 m- 0F 23 /7
MOVQ m,gdtr m- 0F 01 /2
MOVQ gdtr,m -m 0F 01 /0
MOVQ m,idtr m- 0F 01 /3
MOVQ idtr,m -m 0F 01 /1
MOVQL r,rm rm 89 /r
MOVSB _ _ A4 BYTES
MOVSL _ _ A5
MOVSQ _ _ W A5
MOVSW _ _ 66 A5
MOVSWW rmb,r mr 66 0F BF /r BYTE1
MOVW r,rm rm 66 89 /r
MOVW rm,r mr 66 8B /r
MOVW i32,r wo 66 B8
MOVW i32,rm wm 66 C7 /0
MOVW addr,r mr 66 8D /r
MOVW es,rm -m 8C /0
MOVW cs,rm -m 8C /1
MOVW ss,rm -m 8C /2
MOVW ds,rm -m 8C /3
MOVW fs,rm -m 8C /4
MOVW gs,rm -m 8C /5
MOVW rm,es m- 8E /0
MOVW rm,cs m- 8E /1
MOVW rm,ss m- 8E /2
MOVW rm,ds m- 8E /3
MOVW rm,fs m- 8E /4
MOVW rm,gs m- 8E /5
MOVW rm,ldtr m- 0F 00 /2
MOVW ldtr,rm -m 0F 00 /0
MOVW rm,msw m- 0F 01 /6
MOVW msw,rm -m 0F 01 /4
MOVW rm,task m- 0F 00 /3
MOVW task,rm -m 0F 00 /1
MOVWLSX rm,r mr 0F BF /r
MOVWLZX rm,r mr 0F B7 /r
MOVWQSX rm,r mr W 0F BF /r
MOVWQZX rm,r mr W 0F B7 /r
MOVZWW rmb,r mr 66 0F B7 /r BYTE1
MULB rmb m F6 /4 BYTES
MULL rm m F7 /4
MULQ rm m W F7 /4
MULW rm m 66 F7 /4
MWAIT _ _ 0F 01 C9
NEGB rmb m F6 /3 BYTES
NEGL rmb m F7 /3
NEGQ rmb m W F7 /3
NEGW rmb m 66 F7 /3
NOPL rm m 0F 1F /0
NOPW rm m 66 0F 1F /0
NOTB rmb m F6 /2 BYTES
NOTL rmb m F7 /2
NOTQ rmb m W F7 /2
NOTW rmb m 66 F7 /2
ORB i32,al i- 0C BYTES
ORB i32,rmb im 80 /1 BYTES
ORB rb,rmb rm 08 /r BYTES
ORB rmb,rb mr 0A /r BYTES
ORL i8,rm im 83 /1
ORL i32,ax d- 0D
ORL i32,rm dm 81 /1
ORL r,rm rm 09 /r
ORL rm,r mr 0B /r
ORQ i8,rm im W 83 /1
ORQ i32,ax d- W 0D
ORQ i32,rm dm W 81 /1
ORQ r,rm rm W 09 /r
ORQ rm,r mr W 0B /r
ORW i8,rm im 66 83 /1
ORW i32,ax w- 66 0D
ORW i32,rm wm 66 81 /1
ORW r,rm rm 66 09 /r
ORW rm,r mr 66 0B /r
OUTB i32 i E6 BYTES
OUTB _ _ EE BYTES
OUTL i32 i E7
OUTL _ _ EF
OUTSB _ _ 6E BYTES
OUTSL _ _ 6F
OUTSW _ _ 66 6F
OUTW i32 i 66 E7
OUTW _ _ 66 EF
PAUSE _ _ F3 90
POPAL _ _ 61 ILLEGAL
POPAW _ _ 66 61
POPCNTL rm,r mr F3 0F B8 /r
POPCNTQ rm,r mr W F3 0F B8 /r
POPCNTW rm,r mr 66 F3 0F B8 /r
POPFL _ _ 9D ILLEGAL
POPFQ _ _ 9D
POPFW _ _ 66 9D
POPL r o 58 ILLEGAL
POPL m m 8F /0 ILLEGAL
POPL ds - 1F
POPL es - 07
POPL ss - 17
POPL fs - 0F A1
POPL gs - 0F A9
POPQ r o 58
POPQ m m 8F /0
POPQ fs - 0F A1
POPQ gs - 0F A9
POPW r o 66 58
POPW m m 66 8F /0
POPW ds - 66 1F
POPW es - 66 07
POPW ss - 66 17
POPW fs - 66 0F A1
POPW gs - 66 0F A9
PREFETCHNTA m m 0F 18 /0
PREFETCHT0 m m 0F 18 /1
PREFETCHT1 m m 0F 18 /2
PREFETCHT2 m m 0F 18 /3
PUSHAL _ _ 60 ILLEGAL
PUSHAW _ _ 66 60
PUSHFL _ _ 9C ILLEGAL
PUSHFQ _ _ 9C
PUSHFW _ _ 66 9C
PUSHL r o 50 ILLEGAL
PUSHL m m FF /6 ILLEGAL
PUSHL i8 i 6A ILLEGAL
PUSHL i32 d 68 ILLEGAL
PUSHL cs - 0E
PUSHL ss - 16
PUSHL ds - 1E
PUSHL es - 06
PUSHL fs - 0F A0
PUSHL gs - 0F A8
PUSHQ r o 50
PUSHQ m m FF /6
PUSHQ i8 i 6A
PUSHQ i32 d 68
PUSHQ fs - 0F A0
PUSHQ gs - 0F A8
PUSHW r o 66 50
PUSHW m m 66 FF /6
PUSHW i8 i 66 6A
PUSHW i32 w 66 68
PUSHW cs - 66 0E
PUSHW ss - 66 16
PUSHW ds - 66 1E
PUSHW es - 66 06
PUSHW fs - 66 0F A0
PUSHW gs - 66 0F A8
RCLB 1,rmb -m D0 /2 BYTES
RCLB u8,rmb im C0 /2 BYTES
RCLB cx,rmb -m D2 /2 BYTES
RCLL 1,rm -m D1 /2
RCLL u8,rm im C1 /2
RCLL cl,rm -m D3 /2
RCLL cx,rm -m D3 /2
RCLQ 1,rm -m W D1 /2
RCLQ u8,rm im W C1 /2
RCLQ cl,rm -m W D3 /2
RCLQ cx,rm -m W D3 /2
RCLW 1,rm -m 66 D1 /2
RCLW u8,rm im 66 C1 /2
RCLW cl,rm -m 66 D3 /2
RCLW cx,rm -m 66 D3 /2
RCRB 1,rmb -m D0 /3 BYTES
RCRB u8,rmb im C0 /3 BYTES
RCRB cx,rmb -m D2 /3 BYTES
RCRL 1,rm -m D1 /3
RCRL u8,rm im C1 /3
RCRL cl,rm -m D3 /3
RCRL cx,rm -m D3 /3
RCRQ 1,rm -m W D1 /3
RCRQ u8,rm im W C1 /3
RCRQ cl,rm -m W D3 /3
RCRQ cx,rm -m W D3 /3
RCRW 1,rm -m 66 D1 /3
RCRW u8,rm im 66 C1 /3
RCRW cl,rm -m 66 D3 /3
RCRW cx,rm -m 66 D3 /3
RDFSBASEL r m F3 0F AE /0
RDFSBASEQ r m W F3 0F AE /0
RDGSBASEL r m F3 0F AE /1
RDGSBASEQ r m W F3 0F AE /1
RDMSR _ _ 0F 32
RDPID r m F3 0F C7 /7
RDPKRU _ _ 0F 01 EE
RDPMC _ _ 0F 33
RDRANDL r m 0F C7 /6
RDRANDQ r m W 0F C7 /6
RDRANDW r m 66 0F C7 /6
RDSEEDL r m 0F C7 /7
RDSEEDQ r m W 0F C7 /7
RDSEEDW r m 66 0F C7 /7
RDTSC _ _ 0F 31
RDTSCP _ _ 0F 01 F9
REP _ _ F3
REPN _ _ F2
RET _ _ C3
RETFL _ _ CB
RETFL i32 w CA
RETFQ _ _ W CB
RETFQ i32 w W CA
RETFW _ _ 66 CB
RETFW i32 w 66 CA
ROLB 1,rmb -m D0 /0 BYTES
ROLB u8,rmb im C0 /0 BYTES
ROLB cx,rmb -m D2 /0 BYTES
ROLL 1,rm -m D1 /0
ROLL u8,rm im C1 /0
ROLL cl,rm -m D3 /0
ROLL cx,rm -m D3 /0
ROLQ 1,rm -m W D1 /0
ROLQ u8,rm im W C1 /0
ROLQ cl,rm -m W D3 /0
ROLQ cx,rm -m W D3 /0
ROLW 1,rm -m 66 D1 /0
ROLW u8,rm im 66 C1 /0
ROLW cl,rm -m 66 D3 /0
ROLW cx,rm -m 66 D3 /0
RORB 1,rmb -m D0 /1 BYTES
RORB u8,rmb im C0 /1 BYTES
RORB cx,rmb -m D2 /1 BYTES
RORL 1,rm -m D1 /1
RORL u8,rm im C1 /1
RORL cl,rm -m D3 /1
RORL cx,rm -m D3 /1
RORQ 1,rm -m W D1 /1
RORQ u8,rm im W C1 /1
RORQ cl,rm -m W D3 /1
RORQ cx,rm -m W D3 /1
RORW 1,rm -m 66 D1 /1
RORW u8,rm im 66 C1 /1
RORW cl,rm -m 66 D3 /1
RORW cx,rm -m 66 D3 /1
RSM _ _ 0F AA
SAHF _ _ 9E
SALB 1,rmb -m D0 /4 BYTES
SALB u8,rmb im C0 /4 BYTES
SALB cx,rmb -m D2 /4 BYTES
SALL 1,rm -m D1 /4
SALL u8,rm im C1 /4
SALL cl,rm -m D3 /4
SALL cx,rm -m D3 /4
SALQ 1,rm -m W D1 /4
SALQ u8,rm im W C1 /4
SALQ cl,rm -m W D3 /4
SALQ cx,rm -m W D3 /4
SALW 1,rm -m 66 D1 /4
SALW u8,rm im 66 C1 /4
SALW cl,rm -m 66 D3 /4
SALW cx,rm -m 66 D3 /4
SARB 1,rmb -m D0 /7 BYTES
SARB u8,rmb im C0 /7 BYTES
SARB cx,rmb -m D2 /7 BYTES
SARL 1,rm -m D1 /7
SARL u8,rm im C1 /7
SARL cl,rm -m D3 /7
SARL cx,rm -m D3 /7
SARQ 1,rm -m W D1 /7
SARQ u8,rm im W C1 /7
SARQ cl,rm -m W D3 /7
SARQ cx,rm -m W D3 /7
SARW 1,rm -m 66 D1 /7
SARW u8,rm im 66 C1 /7
SARW cl,rm -m 66 D3 /7
SARW cx,rm -m 66 D3 /7
SBBB i32,al i- 1C BYTES
SBBB i32,rmb im 80 /3 BYTES
SBBB rb,rmb rm 18 /r BYTES
SBBB rmb,rb mr 1A /r BYTES
SBBL i8,rm im 83 /3
SBBL i32,ax d- 1D
SBBL i32,rm dm 81 /3
SBBL r,rm rm 19 /r
SBBL rm,r mr 1B /r
SBBQ i8,rm im W 83 /3
SBBQ i32,ax d- W 1D
SBBQ i32,rm dm W 81 /3
SBBQ r,rm rm W 19 /r
SBBQ rm,r mr W 1B /r
SBBW i8,rm im 66 83 /3
SBBW i32,ax w- 66 1D
SBBW i32,rm wm 66 81 /3
SBBW r,rm rm 66 19 /r
SBBW rm,r mr 66 1B /r
SCASB _ _ AE BYTES
SCASL _ _ AF
SCASQ _ _ W AF
SCASW _ _ 66 AF
SETCC rmb m 0F 93 /0 BYTES
SETCS rmb m 0F 92 /0 BYTES
SETEQ rmb m 0F 94 /0 BYTES
SETGE rmb m 0F 9D /0 BYTES
SETGT rmb m 0F 9F /0 BYTES
SETHI rmb m 0F 97 /0 BYTES
SETLE rmb m 0F 9E /0 BYTES
SETLS rmb m 0F 96 /0 BYTES
SETLT rmb m 0F 9C /0 BYTES
SETMI rmb m 0F 98 /0 BYTES
SETNE rmb m 0F 95 /0 BYTES
SETOC rmb m 0F 91 /0 BYTES
SETOS rmb m 0F 90 /0 BYTES
SETPC rmb m 0F 9B /0 BYTES
SETPL rmb m 0F 99 /0 BYTES
SETPS rmb m 0F 9A /0 BYTES
SFENCE _ _ 0F AE F8
SGDT m m 0F 01 /0
SHLB 1,rmb -m D0 /4 BYTES
SHLB u8,rmb im C0 /4 BYTES
SHLB cx,rmb -m D2 /4 BYTES
SHLL 1,rm -m D1 /4
SHLL u8,rm im C1 /4
SHLL cl,rm -m D3 /4
SHLL cx,rm -m D3 /4
SHLL i8,r,rm irm 0F A4 /r
SHLL cl,r,rm -rm 0F A5 /r
SHLL cx,r,rm -rm 0F A5 /r
SHLQ 1,rm -m W D1 /4
SHLQ u8,rm im W C1 /4
SHLQ cl,rm -m W D3 /4
SHLQ cx,rm -m W D3 /4
SHLQ i8,r,rm irm W 0F A4 /r
SHLQ cl,r,rm -rm W 0F A5 /r
SHLQ cx,r,rm -rm W 0F A5 /r
SHLW 1,rm -m 66 D1 /4
SHLW u8,rm im 66 C1 /4
SHLW cl,rm -m 66 D3 /4
SHLW cx,rm -m 66 D3 /4
SHLW i8,r,rm irm 66 0F A4 /r
SHLW cl,r,rm -rm 66 0F A5 /r
SHLW cx,r,rm -rm 66 0F A5 /r
SHRB 1,rmb -m D0 /5 BYTES
SHRB u8,rmb im C0 /5 BYTES
SHRB cx,rmb -m D2 /5 BYTES
SHRL 1,rm -m D1 /5
SHRL u8,rm im C1 /5
SHRL cl,rm -m D3 /5
SHRL cx,rm -m D3 /5
SHRL i8,r,rm irm 0F AC /r
SHRL cl,r,rm -rm 0F AD /r
SHRL cx,r,rm -rm 0F AD /r
SHRQ 1,rm -m W D1 /5
SHRQ u8,rm im W C1 /5
SHRQ cl,rm -m W D3 /5
SHRQ cx,rm -m W D3 /5
SHRQ i8,r,rm irm W 0F AC /r
SHRQ cl,r,rm -rm W 0F AD /r
SHRQ cx,r,rm -rm W 0F AD /r
SHRW 1,rm -m 66 D1 /5
SHRW u8,rm im 66 C1 /5
SHRW cl,rm -m 66 D3 /5
SHRW cx,rm -m 66 D3 /5
SHRW i8,r,rm irm 66 0F AC /r
SHRW cl,r,rm -rm 66 0F AD /r
SHRW cx,r,rm -rm 66 0F AD /r
SIDT m m 0F 01 /1
SLDTL rm m 0F 00 /0
SLDTQ rm m W 0F 00 /0
SLDTW rm m 66 0F 00 /0
SMSWL rm m 0F 01 /4
SMSWQ rm m W 0F 01 /4
SMSWW rm m 66 0F 01 /4
STAC _ _ 0F 01 CB
STC _ _ F9
STD _ _ FD
STI _ _ FB
STMXCSR m m 0F AE /3
STOSB _ _ AA BYTES
STOSL _ _ AB
STOSQ _ _ W AB
STOSW _ _ 66 AB
STRL rm m 0F 00 /1
STRQ rm m W 0F 00 /1
STRW rm m 66 0F 00 /1
SUBB i32,al i- 2C BYTES
SUBB i32,rmb im 80 /5 BYTES
SUBB rb,rmb rm 28 /r BYTES
SUBB rmb,rb mr 2A /r BYTES
SUBL i8,rm im 83 /5
SUBL i32,ax d- 2D
SUBL i32,rm dm 81 /5
SUBL r,rm rm 29 /r
SUBL rm,r mr 2B /r
SUBQ i8,rm im W 83 /5
SUBQ i32,ax d- W 2D
SUBQ i32,rm dm W 81 /5
SUBQ r,rm rm W 29 /r
SUBQ rm,r mr W 2B /r
SUBW i8,rm im 66 83 /5
SUBW i32,ax w- 66 2D
SUBW i32,rm wm 66 81 /5
SUBW r,rm rm 66 29 /r
SUBW rm,r mr 66 2B /r
SWAPGS _ _ 0F 01 F8
SYSCALL _ _ 0F 05
SYSENTER _ _ 0F 34
SYSENTER64 _ _ W 0F 34
SYSEXIT _ _ 0F 35
SYSEXIT64 _ _ W 0F 35
SYSRET _ _ 0F 07
TESTB i32,al i- A8 BYTES
TESTB i32,rmb im F6 /0 BYTES
TESTB rb,rmb rm 84 /r BYTES
TESTB rmb,rb mr 84 /r BYTES
TESTL i32,ax d- A9
TESTL i32,rm dm F7 /0
TESTL r,rm rm 85 /r
TESTL rm,r mr 85 /r
TESTQ i32,ax d- W A9
TESTQ i32,rm dm W F7 /0
TESTQ r,rm rm W 85 /r
TESTQ rm,r mr W 85 /r
TESTW i32,ax w- 66 A9
TESTW i32,rm wm 66 F7 /0
TESTW r,rm rm 66 85 /r
TESTW rm,r mr 66 85 /r
TPAUSE r m 66 0F AE /6
TZCNTL rm,r mr F3 0F BC /r
TZCNTQ rm,r mr W F3 0F BC /r
TZCNTW rm,r mr 66 F3 0F BC /r
UD1 _ _ 0F B9
UD2 _ _ 0F 0B
UMONITOR r m F3 0F AE /6
UMWAIT r m F2 0F AE /6
UNDEF _ _ 0F 0B
VERR rm m 0F 00 /4
VERW rm m 0F 00 /5
WAIT _ _ 9B
WBINVD _ _ 0F 09
WRFSBASEL r m F3 0F AE /2
WRFSBASEQ r m W F3 0F AE /2
WRGSBASEL r m F3 0F AE /3
WRGSBASEQ r m W F3 0F AE /3
WRMSR _ _ 0F 30
WRPKRU _ _ 0F 01 EF
XABORT u8 i C6 F8
XACQUIRE _ _ F2
XADDB rb,rmb rm 0F C0 /r BYTES
XADDL r,rm rm 0F C1 /r
XADDQ r,rm rm W 0F C1 /r
XADDW r,rm rm 66 0F C1 /r
XCHGB rb,rmb rm 86 /r BYTES
XCHGB rmb,rb mr 86 /r BYTES
XCHGL ax,r -o 90
XCHGL r,ax o- 90
XCHGL r,rm rm 87 /r
XCHGL rm,r mr 87 /r
XCHGQ ax,r -o W 90
XCHGQ r,ax o- W 90
XCHGQ r,rm rm W 87 /r
XCHGQ rm,r mr W 87 /r
XCHGW ax,r -o 66 90
XCHGW r,ax o- 66 90
XCHGW r,rm rm 66 87 /r
XCHGW rm,r mr 66 87 /r
XEND _ _ 0F 01 D5
XGETBV _ _ 0F 01 D0
XLAT _ _ D7
XORB i32,al i- 34 BYTES
XORB i32,rmb im 80 /6 BYTES
XORB rb,rmb rm 30 /r BYTES
XORB rmb,rb mr 32 /r BYTES
XORL i8,rm im 83 /6
XORL i32,ax d- 35
XORL i32,rm dm 81 /6
XORL r,rm rm 31 /r
XORL rm,r mr 33 /r
XORQ i8,rm im W 83 /6
XORQ i32,ax d- W 35
XORQ i32,rm dm W 81 /6
XORQ r,rm rm W 31 /r
XORQ rm,r mr W 33 /r
XORW i8,rm im 66 83 /6
XORW i32,ax w- 66 35
XORW i32,rm wm 66 81 /6
XORW r,rm rm 66 31 /r
XORW rm,r mr 66 33 /r
XRELEASE _ _ F3
XRSTOR rm m 0F AE /5
XRSTOR64 rm m W 0F AE /5
XRSTORS rm m 0F C7 /3
XRSTORS64 rm m W 0F C7 /3
XSAVE m m 0F AE /4
XSAVE64 m m W 0F AE /4
XSAVEC m m 0F C7 /4
XSAVEC64 m m W 0F C7 /4
XSAVEOPT m m 0F AE /6
XSAVEOPT64 m m W 0F AE /6
XSAVES m m 0F C7 /5
XSAVES64 m m W 0F C7 /5
XSETBV _ _ 0F 01 D1
XTEST _ _ 0F 01 D6
`;
