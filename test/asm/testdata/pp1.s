#ifdef X
RET
