package main

import "fmt"

// Shifts by any count and divisions at the ends of every integer type, with variables and with constants on either side.

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr
}

func try(f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Print(" <", e, ">")
		}
	}()
	f()
}

func shifts[T, C integer](values []T, counts []C) {
	for _, v := range values {
		for _, c := range counts {
			try(func() { fmt.Print(" ", v<<c, " ", v>>c) })
			try(func() { fmt.Print(" ", v<<(c&3), " ", v>>(c&3), " ", (v<<1)>>c, " ", (v>>1)<<c) })
			w := v
			try(func() { w <<= c; w >>= c })
			fmt.Print(" ", w, ";")
		}
	}
	fmt.Println()
}

func constShifts[T integer](v T) {
	fmt.Println(v<<0, v<<1, v<<7, v<<8, v<<15, v<<16, v<<31, v<<32, v<<63, v<<64, v<<200, v>>0, v>>1, v>>7, v>>8, v>>15, v>>16, v>>31, v>>32, v>>63, v>>64, v>>200)
	fmt.Println((v<<4)>>4, (v>>4)<<4, (v<<60)>>60, (v<<3)>>1, (v>>1)>>2, (v<<5)<<62, ^v<<1, -v>>1, (v&^1)>>1, (v|1)<<3)
}

func divide[T integer](a, b T) {
	try(func() { fmt.Print(" ", a/b) })
	try(func() { fmt.Print(" ", a%b) })
}

func byConstants[T integer](a T) {
	fmt.Println(a/1, a%1, a/2, a%2, a/3, a%3, a/4, a%4, a/5, a%5, a/7, a%7, a/10, a%10, a/16, a%16, a/25, a%25, a/64, a%64, a/100, a%100, a/127, a%127, a%2 == 0, a%3 == 0, a%7 == 1, a%10 == 9, a*7/7, a*16/16, a/3*3+a%3 == a)
}

func bySigned[T int8 | int16 | int32 | int64 | int](a T) {
	fmt.Println(a/-1, a%-1, a/-2, a%-2, a/-3, a%-3, a/-128, a%-128, -a/3, -(a / 3), a/3/-1, a%-7 == 0, -a, a*-1, a < -a)
}

func by64(a int64, b uint64) {
	fmt.Println(a/1000000007, a%1000000007, a/(1<<62), a%(1<<62), a/(-1<<63), a%(-1<<63), a/(1<<33-1), a%12345678910, a%6700417 == 0)
	fmt.Println(b/1000000007, b%1000000007, b/(1<<63), b%(1<<63), b/(1<<63+1), b%(1<<64-1), b/(1<<33-1), b/641, b%641 == 0, b/6700417, b%(1<<40+1))
}

func by32(a int32, b uint32, c int16, d uint16) {
	fmt.Println(a/1000003, a%1000003, a/(-1<<31), a%(-1<<31), a/65536, a%65537, b/1000003, b%1000003, b/(1<<31), b%(1<<31+1), b/0xffffffff, b/641, b%641 == 0)
	fmt.Println(c/12345, c%12345, c/(-1<<15), c%(-1<<15), d/12345, d%12345, d/0x8000, d%0x8001, d/0xffff, d%255, d/257)
}

func pairs[T integer](values ...T) {
	for _, a := range values {
		fmt.Print(a, ":")
		for _, b := range values {
			divide(a, b)
		}
		fmt.Println()
		byConstants(a)
		constShifts(a)
	}
}

type small int8

func main() {
	i8 := []int8{-128, -127, -2, -1, 0, 1, 2, 3, 7, 64, 127}
	u8 := []uint8{0, 1, 2, 3, 7, 8, 9, 31, 63, 64, 127, 128, 200, 255}
	shifts(i8, i8)
	shifts(i8, u8)
	shifts(u8, i8)
	shifts([]int16{-32768, -1, 1, 257, 32767}, u8)
	shifts([]uint16{1, 257, 65535}, []int64{-1, 0, 15, 16, 17, 1 << 40})
	shifts([]int32{-1 << 31, -1, 1, 65537, 1<<31 - 1}, []uint64{0, 1, 31, 32, 33, 1 << 32, 1<<64 - 1})
	shifts([]uint32{1, 1 << 31, 1<<32 - 1}, []uint16{0, 31, 32, 256, 65535})
	shifts([]int64{-1 << 63, -1, 1, 1<<63 - 1}, []uint32{0, 1, 62, 63, 64, 65, 1 << 31})
	shifts([]uint64{1, 1 << 63, 1<<64 - 1}, []int32{-1 << 31, -1, 0, 63, 64, 1<<31 - 1})
	shifts([]small{-128, 127}, []uintptr{0, 7, 8, 1 << 63})
	shifts([]uintptr{1<<64 - 1}, []small{-1, 1, 127})
	pairs(i8...)
	pairs(u8...)
	pairs[small](-128, -1, 0, 5, 127)
	pairs[int16](-32768, -32767, -129, -1, 0, 1, 10, 255, 32767)
	pairs[uint16](0, 1, 3, 255, 256, 32768, 65535)
	pairs[int32](-1<<31, -1<<31+1, -65536, -1, 0, 1, 3, 46341, 1<<31-1)
	pairs[uint32](0, 1, 3, 65537, 1<<31, 1<<32-1)
	pairs[int64](-1<<63, -1<<63+1, -1<<32, -1, 0, 1, 3, 3037000500, 1<<63-1)
	pairs[uint64](0, 1, 3, 1<<32+1, 1<<63, 1<<64-1)
	pairs[int](-1<<63, -1, 1<<63-1)
	pairs[uintptr](1, 1<<64-1)
	for _, v := range i8 {
		bySigned(v)
		bySigned(int16(v) * 256)
		bySigned(int32(v) << 24)
		bySigned(int64(v) << 56)
		bySigned(int(v))
		by64(int64(v)<<56|int64(v), uint64(v)<<56^0xabcdef)
		by32(int32(v)<<24|int32(v), uint32(v)<<24^0xabc, int16(v)<<8|0x5a, uint16(v)<<8|0x5a)
	}
	var u8v uint8 = 200
	var i int = 3
	fmt.Println(1<<u8v>>u8v, uint64(1)<<(u8v-137), int32(1)<<i<<i, 1.0<<i == uint8(8), len("abc")<<i, ^(-1 << u8v), -1>>u8v, u8v<<1>>1, (u8v+100)>>1, u8v*2/2, (u8v-201)/2)
}
