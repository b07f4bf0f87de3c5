/** MMX and SSE to SSE4.2, AES, SHA. One line per form; rows.ts explains the columns. The first form that fits is used. */
export const table = `
ADDPD xm,x mr 66 0F 58 /r
ADDPS xm,x mr 0F 58 /r
ADDSD xm,x mr F2 0F 58 /r
ADDSS xm,x mr F3 0F 58 /r
ADDSUBPD xm,x mr 66 0F D0 /r
ADDSUBPS xm,x mr F2 0F D0 /r
AESDEC xm,x mr 66 0F 38 DE /r
AESDECLAST xm,x mr 66 0F 38 DF /r
AESENC xm,x mr 66 0F 38 DC /r
AESENCLAST xm,x mr 66 0F 38 DD /r
AESIMC xm,x mr 66 0F 38 DB /r
AESKEYGENASSIST u8,xm,x imr 66 0F 3A DF /r
ANDNPD xm,x mr 66 0F 55 /r
ANDNPS xm,x mr 0F 55 /r
ANDPD xm,x mr 66 0F 54 /r
ANDPS xm,x mr 0F 54 /r
BLENDPD u8,xm,x imr 66 0F 3A 0D /r
BLENDPS u8,xm,x imr 66 0F 3A 0C /r
BLENDVPD x0,xm,x -mr 66 0F 38 15 /r
BLENDVPS x0,xm,x -mr 66 0F 38 14 /r
CMPPD xm,x,i8 mri 66 0F C2 /r
CMPPS xm,x,i8 mri 0F C2 /r
CMPSD xm,x,i8 mri F2 0F C2 /r
CMPSS xm,x,i8 mri F3 0F C2 /r
COMISD xm,x mr 66 0F 2F /r
COMISS xm,x mr 0F 2F /r
CVTPD2PL xm,x mr F2 0F E6 /r
CVTPD2PL xm,mm mr 66 0F 2D /r
CVTPD2PS xm,x mr 66 0F 5A /r
CVTPL2PD xm,x mr F3 0F E6 /r
CVTPL2PD mmm,x mr 66 0F 2A /r
CVTPL2PS xm,x mr 0F 5B /r
CVTPL2PS mmm,x mr 0F 2A /r
CVTPS2PD xm,x mr 0F 5A /r
CVTPS2PL xm,x mr 66 0F 5B /r
CVTPS2PL xm,mm mr 0F 2D /r
CVTSD2SL xm,r mr F2 0F 2D /r
CVTSD2SQ xm,r mr W F2 0F 2D /r
CVTSD2SS xm,x mr F2 0F 5A /r
CVTSL2SD rm,x mr F2 0F 2A /r
CVTSL2SS rm,x mr F3 0F 2A /r
CVTSQ2SD rm,x mr W F2 0F 2A /r
CVTSQ2SS rm,x mr W F3 0F 2A /r
CVTSS2SD xm,x mr F3 0F 5A /r
CVTSS2SL xm,r mr F3 0F 2D /r
CVTSS2SQ xm,r mr W F3 0F 2D /r
CVTTPD2PL xm,x mr 66 0F E6 /r
CVTTPD2PL xm,mm mr 66 0F 2C /r
CVTTPS2PL xm,x mr F3 0F 5B /r
CVTTPS2PL xm,mm mr 0F 2C /r
CVTTSD2SL xm,r mr F2 0F 2C /r
CVTTSD2SQ xm,r mr W F2 0F 2C /r
CVTTSS2SL xm,r mr F3 0F 2C /r
CVTTSS2SQ xm,r mr W F3 0F 2C /r
DIVPD xm,x mr 66 0F 5E /r
DIVPS xm,x mr 0F 5E /r
DIVSD xm,x mr F2 0F 5E /r
DIVSS xm,x mr F3 0F 5E /r
DPPD u8,xm,x imr 66 0F 3A 41 /r
DPPS u8,xm,x imr 66 0F 3A 40 /r
EXTRACTPS u2,x,rm irm 66 0F 3A 17 /r
HADDPD xm,x mr 66 0F 7C /r
HADDPS xm,x mr F2 0F 7C /r
HSUBPD xm,x mr 66 0F 7D /r
HSUBPS xm,x mr F2 0F 7D /r
INSERTPS u8,xm,x imr 66 0F 3A 21 /r
LDDQU m,x mr F2 0F F0 /r
MASKMOVOU x,x mr 66 0F F7 /r
MASKMOVQ mm,mm mr 0F F7 /r
MAXPD xm,x mr 66 0F 5F /r
MAXPS xm,x mr 0F 5F /r
MAXSD xm,x mr F2 0F 5F /r
MAXSS xm,x mr F3 0F 5F /r
MINPD xm,x mr 66 0F 5D /r
MINPS xm,x mr 0F 5D /r
MINSD xm,x mr F2 0F 5D /r
MINSS xm,x mr F3 0F 5D /r
MOVAPD xm,x mr 66 0F 28 /r
MOVAPD x,xm rm 66 0F 29 /r
MOVAPS xm,x mr 0F 28 /r
MOVAPS x,xm rm 0F 29 /r
MOVDDUP xm,x mr F2 0F 12 /r
MOVHLPS x,x mr 0F 12 /r
MOVHPD xm,x mr 66 0F 16 /r
MOVHPD x,xm rm 66 0F 17 /r
MOVHPS xm,x mr 0F 16 /r
MOVHPS x,xm rm 0F 17 /r
MOVLHPS x,x mr 0F 16 /r
MOVLPD xm,x mr 66 0F 12 /r
MOVLPD x,xm rm 66 0F 13 /r
MOVLPS xm,x mr 0F 12 /r
MOVLPS x,xm rm 0F 13 /r
MOVMSKPD x,r mr 66 0F 50 /r
MOVMSKPS x,r mr 0F 50 /r
MOVNTDQA m,x mr 66 0F 38 2A /r
MOVNTO x,rm rm 66 0F E7 /r
MOVNTPD x,rm rm 66 0F 2B /r
MOVNTPS x,rm rm 0F 2B /r
MOVNTQ mm,rm rm 0F E7 /r
MOVO xm,x mr 66 0F 6F /r
MOVO x,xm rm 66 0F 7F /r
MOVOU xm,x mr F3 0F 6F /r
MOVOU x,xm rm F3 0F 7F /r
MOVQOZX mm,x mr F3 0F D6 /r
MOVQOZX xm,x mr F3 0F 7E /r
MOVSD xm,x mr F2 0F 10 /r
MOVSD x,xm rm F2 0F 11 /r
MOVSHDUP xm,x mr F3 0F 16 /r
MOVSLDUP xm,x mr F3 0F 12 /r
MOVSS xm,x mr F3 0F 10 /r
MOVSS x,xm rm F3 0F 11 /r
MOVUPD xm,x mr 66 0F 10 /r
MOVUPD x,xm rm 66 0F 11 /r
MOVUPS xm,x mr 0F 10 /r
MOVUPS x,xm rm 0F 11 /r
MPSADBW u8,xm,x imr 66 0F 3A 42 /r
MULPD xm,x mr 66 0F 59 /r
MULPS xm,x mr 0F 59 /r
MULSD xm,x mr F2 0F 59 /r
MULSS xm,x mr F3 0F 59 /r
ORPD xm,x mr 66 0F 56 /r
ORPS xm,x mr 0F 56 /r
PABSB xm,x mr 66 0F 38 1C /r
PABSD xm,x mr 66 0F 38 1E /r
PABSW xm,x mr 66 0F 38 1D /r
PACKSSLW mmm,mm mr 0F 6B /r
PACKSSLW xm,x mr 66 0F 6B /r
PACKSSWB mmm,mm mr 0F 63 /r
PACKSSWB xm,x mr 66 0F 63 /r
PACKUSDW xm,x mr 66 0F 38 2B /r
PACKUSWB mmm,mm mr 0F 67 /r
PACKUSWB xm,x mr 66 0F 67 /r
PADDB mmm,mm mr 0F FC /r
PADDB xm,x mr 66 0F FC /r
PADDL mmm,mm mr 0F FE /r
PADDL xm,x mr 66 0F FE /r
PADDQ xm,x mr 66 0F D4 /r
PADDSB mmm,mm mr 0F EC /r
PADDSB xm,x mr 66 0F EC /r
PADDSW mmm,mm mr 0F ED /r
PADDSW xm,x mr 66 0F ED /r
PADDUSB mmm,mm mr 0F DC /r
PADDUSB xm,x mr 66 0F DC /r
PADDUSW mmm,mm mr 0F DD /r
PADDUSW xm,x mr 66 0F DD /r
PADDW mmm,mm mr 0F FD /r
PADDW xm,x mr 66 0F FD /r
PALIGNR u8,xm,x imr 66 0F 3A 0F /r
PAND mmm,mm mr 0F DB /r
PAND xm,x mr 66 0F DB /r
PANDN mmm,mm mr 0F DF /r
PANDN xm,x mr 66 0F DF /r
PAVGB mmm,mm mr 0F E0 /r
PAVGB xm,x mr 66 0F E0 /r
PAVGW mmm,mm mr 0F E3 /r
PAVGW xm,x mr 66 0F E3 /r
PBLENDVB x0,xm,x -mr 66 0F 38 10 /r
PBLENDW u8,xm,x imr 66 0F 3A 0E /r
PCLMULQDQ u8,xm,x imr 66 0F 3A 44 /r
PCMPEQB mmm,mm mr 0F 74 /r
PCMPEQB xm,x mr 66 0F 74 /r
PCMPEQL mmm,mm mr 0F 76 /r
PCMPEQL xm,x mr 66 0F 76 /r
PCMPEQQ xm,x mr 66 0F 38 29 /r
PCMPEQW mmm,mm mr 0F 75 /r
PCMPEQW xm,x mr 66 0F 75 /r
PCMPESTRI u8,xm,x imr 66 0F 3A 61 /r
PCMPESTRM u8,xm,x imr 66 0F 3A 60 /r
PCMPGTB mmm,mm mr 0F 64 /r
PCMPGTB xm,x mr 66 0F 64 /r
PCMPGTL mmm,mm mr 0F 66 /r
PCMPGTL xm,x mr 66 0F 66 /r
PCMPGTQ xm,x mr 66 0F 38 37 /r
PCMPGTW mmm,mm mr 0F 65 /r
PCMPGTW xm,x mr 66 0F 65 /r
PCMPISTRI u8,xm,x imr 66 0F 3A 63 /r
PCMPISTRM u8,xm,x imr 66 0F 3A 62 /r
PEXTRB u8,x,mmm irm 66 0F 3A 14 /r
PEXTRD u8,x,mmm irm 66 0F 3A 16 /r
PEXTRQ u8,x,mmm irm W 66 0F 3A 16 /r
PEXTRW u8,x,r imr 66 0F C5 /r
PEXTRW u8,x,rm irm 66 0F 3A 15 /r
PHADDD mmm,mm mr 0F 38 02 /r
PHADDD xm,x mr 66 0F 38 02 /r
PHADDSW xm,x mr 66 0F 38 03 /r
PHADDW xm,x mr 66 0F 38 01 /r
PHMINPOSUW xm,x mr 66 0F 38 41 /r
PHSUBD xm,x mr 66 0F 38 06 /r
PHSUBSW xm,x mr 66 0F 38 07 /r
PHSUBW xm,x mr 66 0F 38 05 /r
PINSRB u8,mmm,x imr 66 0F 3A 20 /r
PINSRD u8,mmm,x imr 66 0F 3A 22 /r
PINSRQ u8,mmm,x imr W 66 0F 3A 22 /r
PINSRW u8,rm,x imr 66 0F C4 /r
PMADDUBSW xm,x mr 66 0F 38 04 /r
PMADDWL mmm,mm mr 0F F5 /r
PMADDWL xm,x mr 66 0F F5 /r
PMAXSB xm,x mr 66 0F 38 3C /r
PMAXSD xm,x mr 66 0F 38 3D /r
PMAXSW xm,x mr 66 0F EE /r
PMAXUB xm,x mr 66 0F DE /r
PMAXUD xm,x mr 66 0F 38 3F /r
PMAXUW xm,x mr 66 0F 38 3E /r
PMINSB xm,x mr 66 0F 38 38 /r
PMINSD xm,x mr 66 0F 38 39 /r
PMINSW xm,x mr 66 0F EA /r
PMINUB xm,x mr 66 0F DA /r
PMINUD xm,x mr 66 0F 38 3B /r
PMINUW xm,x mr 66 0F 38 3A /r
PMOVMSKB x,r mr 66 0F D7 /r
PMOVMSKB mm,r mr 0F D7 /r
PMOVSXBD xm,x mr 66 0F 38 21 /r
PMOVSXBQ xm,x mr 66 0F 38 22 /r
PMOVSXBW xm,x mr 66 0F 38 20 /r
PMOVSXDQ xm,x mr 66 0F 38 25 /r
PMOVSXWD xm,x mr 66 0F 38 23 /r
PMOVSXWQ xm,x mr 66 0F 38 24 /r
PMOVZXBD xm,x mr 66 0F 38 31 /r
PMOVZXBQ xm,x mr 66 0F 38 32 /r
PMOVZXBW xm,x mr 66 0F 38 30 /r
PMOVZXDQ xm,x mr 66 0F 38 35 /r
PMOVZXWD xm,x mr 66 0F 38 33 /r
PMOVZXWQ xm,x mr 66 0F 38 34 /r
PMULDQ xm,x mr 66 0F 38 28 /r
PMULHRSW xm,x mr 66 0F 38 0B /r
PMULHUW mmm,mm mr 0F E4 /r
PMULHUW xm,x mr 66 0F E4 /r
PMULHW mmm,mm mr 0F E5 /r
PMULHW xm,x mr 66 0F E5 /r
PMULLD xm,x mr 66 0F 38 40 /r
PMULLW mmm,mm mr 0F D5 /r
PMULLW xm,x mr 66 0F D5 /r
PMULULQ mmm,mm mr 0F F4 /r
PMULULQ xm,x mr 66 0F F4 /r
POR mmm,mm mr 0F EB /r
POR xm,x mr 66 0F EB /r
PSADBW xm,x mr 66 0F F6 /r
PSHUFB xm,x mr 66 0F 38 00 /r
PSHUFD u8,xm,x imr 66 0F 70 /r
PSHUFHW u8,xm,x imr F3 0F 70 /r
PSHUFL u8,xm,x imr 66 0F 70 /r
PSHUFLW u8,xm,x imr F2 0F 70 /r
PSHUFW i8,mmm,mm imr 0F 70 /r
PSIGNB xm,x mr 66 0F 38 08 /r
PSIGND xm,x mr 66 0F 38 0A /r
PSIGNW xm,x mr 66 0F 38 09 /r
PSLLL mmm,mm mr 0F F2 /r
PSLLL i8,mm im 0F 72 /6
PSLLL xm,x mr 66 0F F2 /r
PSLLL i8,x im 66 0F 72 /6
PSLLO i8,x im 66 0F 73 /7
PSLLQ mmm,mm mr 0F F3 /r
PSLLQ i8,mm im 0F 73 /6
PSLLQ xm,x mr 66 0F F3 /r
PSLLQ i8,x im 66 0F 73 /6
PSLLW mmm,mm mr 0F F1 /r
PSLLW i8,mm im 0F 71 /6
PSLLW xm,x mr 66 0F F1 /r
PSLLW i8,x im 66 0F 71 /6
PSRAL mmm,mm mr 0F E2 /r
PSRAL i8,mm im 0F 72 /4
PSRAL xm,x mr 66 0F E2 /r
PSRAL i8,x im 66 0F 72 /4
PSRAW mmm,mm mr 0F E1 /r
PSRAW i8,mm im 0F 71 /4
PSRAW xm,x mr 66 0F E1 /r
PSRAW i8,x im 66 0F 71 /4
PSRLL mmm,mm mr 0F D2 /r
PSRLL i8,mm im 0F 72 /2
PSRLL xm,x mr 66 0F D2 /r
PSRLL i8,x im 66 0F 72 /2
PSRLO i8,x im 66 0F 73 /3
PSRLQ mmm,mm mr 0F D3 /r
PSRLQ i8,mm im 0F 73 /2
PSRLQ xm,x mr 66 0F D3 /r
PSRLQ i8,x im 66 0F 73 /2
PSRLW mmm,mm mr 0F D1 /r
PSRLW i8,mm im 0F 71 /2
PSRLW xm,x mr 66 0F D1 /r
PSRLW i8,x im 66 0F 71 /2
PSUBB xm,x mr 66 0F F8 /r
PSUBL xm,x mr 66 0F FA /r
PSUBQ xm,x mr 66 0F FB /r
PSUBSB xm,x mr 66 0F E8 /r
PSUBSW xm,x mr 66 0F E9 /r
PSUBUSB xm,x mr 66 0F D8 /r
PSUBUSW xm,x mr 66 0F D9 /r
PSUBW xm,x mr 66 0F F9 /r
PTEST xm,x mr 66 0F 38 17 /r
PUNPCKHBW mmm,mm mr 0F 68 /r
PUNPCKHBW xm,x mr 66 0F 68 /r
PUNPCKHLQ mmm,mm mr 0F 6A /r
PUNPCKHLQ xm,x mr 66 0F 6A /r
PUNPCKHQDQ xm,x mr 66 0F 6D /r
PUNPCKHWL mmm,mm mr 0F 69 /r
PUNPCKHWL xm,x mr 66 0F 69 /r
PUNPCKLBW mmm,mm mr 0F 60 /r
PUNPCKLBW xm,x mr 66 0F 60 /r
PUNPCKLLQ mmm,mm mr 0F 62 /r
PUNPCKLLQ xm,x mr 66 0F 62 /r
PUNPCKLQDQ xm,x mr 66 0F 6C /r
PUNPCKLWL mmm,mm mr 0F 61 /r
PUNPCKLWL xm,x mr 66 0F 61 /r
PXOR mmm,mm mr 0F EF /r
PXOR xm,x mr 66 0F EF /r
RCPPS xm,x mr 0F 53 /r
RCPSS xm,x mr F3 0F 53 /r
ROUNDPD u8,xm,x imr 66 0F 3A 09 /r
ROUNDPS u8,xm,x imr 66 0F 3A 08 /r
ROUNDSD u8,xm,x imr 66 0F 3A 0B /r
ROUNDSS u8,xm,x imr 66 0F 3A 0A /r
RSQRTPS xm,x mr 0F 52 /r
RSQRTSS xm,x mr F3 0F 52 /r
SHA1MSG1 xm,x mr 0F 38 C9 /r
SHA1MSG2 xm,x mr 0F 38 CA /r
SHA1NEXTE xm,x mr 0F 38 C8 /r
SHA1RNDS4 u2,xm,x imr 0F 3A CC /r
SHA256MSG1 xm,x mr 0F 38 CC /r
SHA256MSG2 xm,x mr 0F 38 CD /r
SHA256RNDS2 x0,xm,x -mr 0F 38 CB /r
SHUFPD u8,xm,x imr 66 0F C6 /r
SHUFPS u8,xm,x imr 0F C6 /r
SQRTPD xm,x mr 66 0F 51 /r
SQRTPS xm,x mr 0F 51 /r
SQRTSD xm,x mr F2 0F 51 /r
SQRTSS xm,x mr F3 0F 51 /r
SUBPD xm,x mr 66 0F 5C /r
SUBPS xm,x mr 0F 5C /r
SUBSD xm,x mr F2 0F 5C /r
SUBSS xm,x mr F3 0F 5C /r
UCOMISD xm,x mr 66 0F 2E /r
UCOMISS xm,x mr 0F 2E /r
UNPCKHPD xm,x mr 66 0F 15 /r
UNPCKHPS xm,x mr 0F 15 /r
UNPCKLPD xm,x mr 66 0F 14 /r
UNPCKLPS xm,x mr 0F 14 /r
XORPD xm,x mr 66 0F 57 /r
XORPS xm,x mr 0F 57 /r
`;
