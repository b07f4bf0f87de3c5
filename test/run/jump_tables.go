package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
)

// Dense switches: tables of code addresses over every integer type, at the ends of their ranges, with holes, thin and thick parts.

//go:noinline
func allInt8(n int8) int {
	switch n {
	case -128:
		return -384
	case -127:
		return -381
	case -126:
		return -378
	case -124:
		return -372
	case -123:
		return -369
	case -122:
		return -366
	case -121:
		return -363
	case -119:
		return -357
	case -118:
		return -354
	case -117:
		return -351
	case -116:
		return -348
	case -114:
		return -342
	case -113:
		return -339
	case -112:
		return -336
	case -111:
		return -333
	case -109:
		return -327
	case -108:
		return -324
	case -107:
		return -321
	case -106:
		return -318
	case -104:
		return -312
	case -103:
		return -309
	case -102:
		return -306
	case -101:
		return -303
	case -99:
		return -297
	case -98:
		return -294
	case -97:
		return -291
	case -96:
		return -288
	case -94:
		return -282
	case -93:
		return -279
	case -92:
		return -276
	case -91:
		return -273
	case -89:
		return -267
	case -88:
		return -264
	case -87:
		return -261
	case -86:
		return -258
	case -84:
		return -252
	case -83:
		return -249
	case -82:
		return -246
	case -81:
		return -243
	case -79:
		return -237
	case -78:
		return -234
	case -77:
		return -231
	case -76:
		return -228
	case -74:
		return -222
	case -73:
		return -219
	case -72:
		return -216
	case -71:
		return -213
	case -69:
		return -207
	case -68:
		return -204
	case -67:
		return -201
	case -66:
		return -198
	case -64:
		return -192
	case -63:
		return -189
	case -62:
		return -186
	case -61:
		return -183
	case -59:
		return -177
	case -58:
		return -174
	case -57:
		return -171
	case -56:
		return -168
	case -54:
		return -162
	case -53:
		return -159
	case -52:
		return -156
	case -51:
		return -153
	case -49:
		return -147
	case -48:
		return -144
	case -47:
		return -141
	case -46:
		return -138
	case -44:
		return -132
	case -43:
		return -129
	case -42:
		return -126
	case -41:
		return -123
	case -39:
		return -117
	case -38:
		return -114
	case -37:
		return -111
	case -36:
		return -108
	case -34:
		return -102
	case -33:
		return -99
	case -32:
		return -96
	case -31:
		return -93
	case -29:
		return -87
	case -28:
		return -84
	case -27:
		return -81
	case -26:
		return -78
	case -24:
		return -72
	case -23:
		return -69
	case -22:
		return -66
	case -21:
		return -63
	case -19:
		return -57
	case -18:
		return -54
	case -17:
		return -51
	case -16:
		return -48
	case -14:
		return -42
	case -13:
		return -39
	case -12:
		return -36
	case -11:
		return -33
	case -9:
		return -27
	case -8:
		return -24
	case -7:
		return -21
	case -6:
		return -18
	case -4:
		return -12
	case -3:
		return -9
	case -2:
		return -6
	case -1:
		return -3
	case 1:
		return 3
	case 2:
		return 6
	case 3:
		return 9
	case 4:
		return 12
	case 6:
		return 18
	case 7:
		return 21
	case 8:
		return 24
	case 9:
		return 27
	case 11:
		return 33
	case 12:
		return 36
	case 13:
		return 39
	case 14:
		return 42
	case 16:
		return 48
	case 17:
		return 51
	case 18:
		return 54
	case 19:
		return 57
	case 21:
		return 63
	case 22:
		return 66
	case 23:
		return 69
	case 24:
		return 72
	case 26:
		return 78
	case 27:
		return 81
	case 28:
		return 84
	case 29:
		return 87
	case 31:
		return 93
	case 32:
		return 96
	case 33:
		return 99
	case 34:
		return 102
	case 36:
		return 108
	case 37:
		return 111
	case 38:
		return 114
	case 39:
		return 117
	case 41:
		return 123
	case 42:
		return 126
	case 43:
		return 129
	case 44:
		return 132
	case 46:
		return 138
	case 47:
		return 141
	case 48:
		return 144
	case 49:
		return 147
	case 51:
		return 153
	case 52:
		return 156
	case 53:
		return 159
	case 54:
		return 162
	case 56:
		return 168
	case 57:
		return 171
	case 58:
		return 174
	case 59:
		return 177
	case 61:
		return 183
	case 62:
		return 186
	case 63:
		return 189
	case 64:
		return 192
	case 66:
		return 198
	case 67:
		return 201
	case 68:
		return 204
	case 69:
		return 207
	case 71:
		return 213
	case 72:
		return 216
	case 73:
		return 219
	case 74:
		return 222
	case 76:
		return 228
	case 77:
		return 231
	case 78:
		return 234
	case 79:
		return 237
	case 81:
		return 243
	case 82:
		return 246
	case 83:
		return 249
	case 84:
		return 252
	case 86:
		return 258
	case 87:
		return 261
	case 88:
		return 264
	case 89:
		return 267
	case 91:
		return 273
	case 92:
		return 276
	case 93:
		return 279
	case 94:
		return 282
	case 96:
		return 288
	case 97:
		return 291
	case 98:
		return 294
	case 99:
		return 297
	case 101:
		return 303
	case 102:
		return 306
	case 103:
		return 309
	case 104:
		return 312
	case 106:
		return 318
	case 107:
		return 321
	case 108:
		return 324
	case 109:
		return 327
	case 111:
		return 333
	case 112:
		return 336
	case 113:
		return 339
	case 114:
		return 342
	case 116:
		return 348
	case 117:
		return 351
	case 118:
		return 354
	case 119:
		return 357
	case 121:
		return 363
	case 122:
		return 366
	case 123:
		return 369
	case 124:
		return 372
	case 126:
		return 378
	case 127:
		return 381
	}
	return 1000
}

//go:noinline
func allUint8(n uint8) int {
	switch n {
	case 0:
		return 0
	case 2:
		return 14
	case 3:
		return 21
	case 5:
		return 35
	case 6:
		return 42
	case 8:
		return 56
	case 9:
		return 63
	case 11:
		return 77
	case 12:
		return 84
	case 14:
		return 98
	case 15:
		return 105
	case 17:
		return 119
	case 18:
		return 126
	case 20:
		return 140
	case 21:
		return 147
	case 23:
		return 161
	case 24:
		return 168
	case 26:
		return 182
	case 27:
		return 189
	case 29:
		return 203
	case 30:
		return 210
	case 32:
		return 224
	case 33:
		return 231
	case 35:
		return 245
	case 36:
		return 1
	case 38:
		return 15
	case 39:
		return 22
	case 41:
		return 36
	case 42:
		return 43
	case 44:
		return 57
	case 45:
		return 64
	case 47:
		return 78
	case 48:
		return 85
	case 50:
		return 99
	case 51:
		return 106
	case 53:
		return 120
	case 54:
		return 127
	case 56:
		return 141
	case 57:
		return 148
	case 59:
		return 162
	case 60:
		return 169
	case 62:
		return 183
	case 63:
		return 190
	case 65:
		return 204
	case 66:
		return 211
	case 68:
		return 225
	case 69:
		return 232
	case 71:
		return 246
	case 72:
		return 2
	case 74:
		return 16
	case 75:
		return 23
	case 77:
		return 37
	case 78:
		return 44
	case 80:
		return 58
	case 81:
		return 65
	case 83:
		return 79
	case 84:
		return 86
	case 86:
		return 100
	case 87:
		return 107
	case 89:
		return 121
	case 90:
		return 128
	case 92:
		return 142
	case 93:
		return 149
	case 95:
		return 163
	case 96:
		return 170
	case 98:
		return 184
	case 99:
		return 191
	case 101:
		return 205
	case 102:
		return 212
	case 104:
		return 226
	case 105:
		return 233
	case 107:
		return 247
	case 108:
		return 3
	case 110:
		return 17
	case 111:
		return 24
	case 113:
		return 38
	case 114:
		return 45
	case 116:
		return 59
	case 117:
		return 66
	case 119:
		return 80
	case 120:
		return 87
	case 122:
		return 101
	case 123:
		return 108
	case 125:
		return 122
	case 126:
		return 129
	case 128:
		return 143
	case 129:
		return 150
	case 131:
		return 164
	case 132:
		return 171
	case 134:
		return 185
	case 135:
		return 192
	case 137:
		return 206
	case 138:
		return 213
	case 140:
		return 227
	case 141:
		return 234
	case 143:
		return 248
	case 144:
		return 4
	case 146:
		return 18
	case 147:
		return 25
	case 149:
		return 39
	case 150:
		return 46
	case 152:
		return 60
	case 153:
		return 67
	case 155:
		return 81
	case 156:
		return 88
	case 158:
		return 102
	case 159:
		return 109
	case 161:
		return 123
	case 162:
		return 130
	case 164:
		return 144
	case 165:
		return 151
	case 167:
		return 165
	case 168:
		return 172
	case 170:
		return 186
	case 171:
		return 193
	case 173:
		return 207
	case 174:
		return 214
	case 176:
		return 228
	case 177:
		return 235
	case 179:
		return 249
	case 180:
		return 5
	case 182:
		return 19
	case 183:
		return 26
	case 185:
		return 40
	case 186:
		return 47
	case 188:
		return 61
	case 189:
		return 68
	case 191:
		return 82
	case 192:
		return 89
	case 194:
		return 103
	case 195:
		return 110
	case 197:
		return 124
	case 198:
		return 131
	case 200:
		return 145
	case 201:
		return 152
	case 203:
		return 166
	case 204:
		return 173
	case 206:
		return 187
	case 207:
		return 194
	case 209:
		return 208
	case 210:
		return 215
	case 212:
		return 229
	case 213:
		return 236
	case 215:
		return 250
	case 216:
		return 6
	case 218:
		return 20
	case 219:
		return 27
	case 221:
		return 41
	case 222:
		return 48
	case 224:
		return 62
	case 225:
		return 69
	case 227:
		return 83
	case 228:
		return 90
	case 230:
		return 104
	case 231:
		return 111
	case 233:
		return 125
	case 234:
		return 132
	case 236:
		return 146
	case 237:
		return 153
	case 239:
		return 167
	case 240:
		return 174
	case 242:
		return 188
	case 243:
		return 195
	case 245:
		return 209
	case 246:
		return 216
	case 248:
		return 230
	case 249:
		return 237
	case 251:
		return 0
	case 252:
		return 7
	case 254:
		return 21
	case 255:
		return 28
	}
	return 1000
}

//go:noinline
func top(n int64) int {
	switch n {
	case math.MaxInt64 - 0:
		return 0
	case math.MaxInt64 - 1:
		return 1
	case math.MaxInt64 - 2:
		return 2
	case math.MaxInt64 - 3:
		return 3
	case math.MaxInt64 - 4:
		return 4
	case math.MaxInt64 - 5:
		return 5
	case math.MaxInt64 - 6:
		return 6
	case math.MaxInt64 - 7:
		return 7
	case math.MaxInt64 - 8:
		return 8
	case math.MaxInt64 - 9:
		return 9
	case math.MaxInt64 - 10:
		return 10
	case math.MaxInt64 - 11:
		return 11
	default:
		return -1
	}
}

//go:noinline
func bottom(n int64) int {
	switch n {
	case math.MinInt64 + 0:
		return 0
	case math.MinInt64 + 2:
		return 4
	case math.MinInt64 + 4:
		return 8
	case math.MinInt64 + 6:
		return 12
	case math.MinInt64 + 8:
		return 16
	case math.MinInt64 + 10:
		return 20
	case math.MinInt64 + 12:
		return 24
	case math.MinInt64 + 14:
		return 28
	case math.MinInt64 + 16:
		return 32
	case math.MinInt64 + 18:
		return 36
	default:
		return -1
	}
}

//go:noinline
func highUnsigned(n uint64) int {
	switch n {
	case 1<<63 + -4, 1<<64 - 1:
		return 0
	case 1<<63 + -3, 1<<64 - 2:
		return 1
	case 1<<63 + -2, 1<<64 - 3:
		return 2
	case 1<<63 + -1, 1<<64 - 4:
		return 3
	case 1<<63 + 0, 1<<64 - 5:
		return 4
	case 1<<63 + 1, 1<<64 - 6:
		return 5
	case 1<<63 + 2, 1<<64 - 7:
		return 6
	case 1<<63 + 3, 1<<64 - 8:
		return 7
	case 1<<63 + 4, 1<<64 - 9:
		return 8
	}
	return -1
}

//go:noinline
func parts(n int) string {
	switch n {
	case 0, 1, 2, 3:
		return "a"
	case 4, 6:
		return "b"
	case 5:
		return "c"
	case 8:
		return "d"
	case 9:
		return "e"
	case 10:
		return "f"
	case 11:
		return "g"
	case 12, 13:
		return "h"
	case 14:
		return "i"
	case 1000:
		return "j"
	case 1001:
		return "k"
	case 1003:
		return "l"
	case 1004:
		return "m"
	case 1005:
		return "n"
	case 1006:
		return "o"
	case 1007:
		return "p"
	case 1008:
		return "q"
	case 1009:
		return "r"
	case 1010:
		return "s"
	case -1 << 40:
		return "t"
	case 1 << 40:
		return "u"
	}
	return "-"
}

// Small enough for its callers.
func small(n int) (r int) {
	switch n {
	case 1:
		r = 10
	case 2:
		r = 20
	case 3:
		r = 30
	case 4:
		r = 40
	case 5:
		r = 50
	case 6:
		r = 60
	case 7:
		r = 70
	case 8:
		r = 80
	}
	return
}

type integer interface {
	~int16 | ~uint32 | ~int64 | ~uint16
}

func generic[T integer](n T) (r []T) {
	switch n {
	case 100:
		r = append(r, 0)
		fallthrough
	case 101:
		r = append(r, 1)
	case 102:
		r = append(r, 2)
		fallthrough
	case 103:
		r = append(r, 3)
		fallthrough
	default:
		r = append(r, n)
	case 104:
		r = append(r, 4)
	case 105:
	case 106:
		r = append(r, 6)
	case 107:
		r = append(r, 7)
	case 110:
		r = append(r, 10)
	}
	return
}

type op byte

const (
	push op = iota
	add
	sub
	mul
	dup
	swap
	jump
	jumpIf
	call
	ret
	print
	halt
)

type machine struct {
	stack []int
	calls []int
	out   strings.Builder
}

// A loop whose body is a switch; break, continue and defer leave it.
func (m *machine) run(code []int) (steps int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("at %d: %v", steps, e)
		}
	}()
	pc := 0
loop:
	for {
		steps++
		o := op(code[pc])
		pc++
		n := len(m.stack)
		switch o {
		case push:
			m.stack = append(m.stack, code[pc])
			pc++
		case add:
			m.stack[n-2] += m.stack[n-1]
			m.stack = m.stack[:n-1]
		case sub:
			m.stack[n-2] -= m.stack[n-1]
			m.stack = m.stack[:n-1]
		case mul:
			m.stack[n-2] *= m.stack[n-1]
			m.stack = m.stack[:n-1]
		case dup:
			m.stack = append(m.stack, m.stack[n-1])
		case swap:
			m.stack[n-1], m.stack[n-2] = m.stack[n-2], m.stack[n-1]
		case jump:
			pc = code[pc]
			continue loop
		case jumpIf:
			v := m.stack[n-1]
			m.stack = m.stack[:n-1]
			if v != 0 {
				pc = code[pc]
				break
			}
			pc++
		case call:
			m.calls = append(m.calls, pc+1)
			pc = code[pc]
		case ret:
			c := len(m.calls)
			pc = m.calls[c-1]
			m.calls = m.calls[:c-1]
		case print:
			fmt.Fprint(&m.out, m.stack[n-1], " ")
		case halt:
			break loop
		default:
			panic(fmt.Sprint("bad ", o))
		}
	}
	return steps, nil
}

func lengths(s string) int {
	switch s {
	case "a", "b":
		return 1
	case "ab", "cd":
		return 2
	case "abc":
		return 3
	case "abcd":
		return 4
	case "abcde":
		return 5
	case "abcdef":
		return 6
	case "abcdefg", "bcdefgh", "zbcdefg":
		return 7
	case "abcdefgh":
		return 8
	case "abcdefghi":
		return 9
	case "":
		return 0
	}
	return -1
}

var sink int

func spin(stop *bool) {
	for i := 0; !*stop; i++ {
		switch i & 15 {
		case 0:
			sink++
		case 1:
			sink += 2
		case 2:
			sink ^= 3
		case 3:
			sink -= 4
		case 4:
			sink *= 5
		case 5:
			sink |= 6
		case 6:
			sink &= 7
		case 7:
			sink = -sink
		case 9:
			sink--
		}
	}
}

func main() {
	h, g := 0, 0
	for i := -128; i < 256; i++ {
		h = h*31 + allInt8(int8(i))
		g = g*31 + allUint8(uint8(i))
	}
	fmt.Println(h, g)
	for i := int64(-2); i < 22; i++ {
		fmt.Print(top(math.MaxInt64-i), " ", bottom(math.MinInt64+i), " ", highUnsigned(1<<63-6+uint64(i)), " ", highUnsigned(^uint64(i)), "; ")
	}
	fmt.Println(top(0), bottom(0), highUnsigned(0))
	for _, base := range []int{-5, 995, -1<<40 - 1, 1<<40 - 1, 1 << 32, 1<<32 + 1000, math.MinInt64, math.MaxInt64 - 25} {
		for i := range 22 {
			fmt.Print(parts(base + i))
		}
		fmt.Print(" ")
	}
	fmt.Println()
	fmt.Println(small(0), small(1), small(8), small(9), small(-1), small(1<<32+1), small(len(parts(0))))
	for i := 98; i < 113; i++ {
		fmt.Print(generic(int16(i)), generic(uint32(i)), generic(int64(i)-1<<32), generic(uint16(i)), " ")
	}
	fmt.Println()
	var m machine
	fmt.Println(m.run([]int{int(push), 5, int(push), 1, int(swap), int(dup), int(call), 14, int(jumpIf), 5, int(print), int(halt), 99, 99,
		int(swap), int(push), 3, int(mul), int(swap), int(push), 1, int(sub), int(dup), int(ret)}))
	fmt.Println(m.stack, m.out.String())
	for _, code := range [][]int{{77}, {12}, {int(add)}, {255 + int(halt) + 1}} {
		fmt.Println(new(machine).run(code))
	}
	for _, s := range []string{"", "a", "b", "c", "ab", "cd", "ac", "abc", "abcd", "abcde", "abcdef", "abcdefg", "bcdefgh", "zbcdefg", "zbcdefh", "abcdefgh", "abcdefghi", "abcdefghj", "abcdefghij", strings.Repeat("x", 300)} {
		fmt.Print(lengths(s), " ")
	}
	fmt.Println()
	var stop bool
	done := make(chan bool)
	go func() { spin(&stop); close(done) }()
	for range 20 {
		runtime.GC()
		runtime.Gosched()
	}
	stop = true
	<-done
	fmt.Println("stopped")
}
