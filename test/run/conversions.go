package main

import (
	"fmt"
	"math"
)

// Every pair of numeric types, at the values where they part; each conversion once through a call and once inlined.

type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr | ~float32 | ~float64
}

type (
	myInt8    int8
	myUint16  uint16
	myFloat32 float32
)

// inRange: the conversion of a floating-point value to an integer type is defined.
func inRange(v float64, lo, hi float64) bool { return v > lo-1 && v < hi }

//go:noinline
func conv[T, F number](v F) T { return T(v) }

func convInline[T, F number](v F) T { return T(v) }

func bounds[T number]() (lo, hi float64, float bool) {
	var z T
	switch any(z).(type) {
	case int8, myInt8:
		return -128, 128, false
	case int16:
		return -32768, 32768, false
	case int32:
		return math.MinInt32, 1 << 31, false
	case int64, int:
		// One below the smallest is the smallest itself as a float64.
		return math.MinInt64 + 2048, 1 << 63, false
	case uint8:
		return 0, 256, false
	case uint16, myUint16:
		return 0, 65536, false
	case uint32:
		return 0, 1 << 32, false
	case uint64, uint, uintptr:
		return 0, 1 << 64, false
	}
	return 0, 0, true
}

func one[T, F number](v F) {
	lo, hi, toFloat := bounds[T]()
	_, _, fromFloat := bounds[F]()
	if fromFloat && !toFloat && !inRange(float64(v), lo, hi) {
		return
	}
	a, b := conv[T](v), convInline[T](v)
	fmt.Printf(" %T(%v)", a, a)
	if a != b && a == a {
		fmt.Printf("!= inlined %v", b)
	}
}

func all[F number](values ...F) {
	for _, v := range values {
		fmt.Printf("%T %v:", v, v)
		one[int8](v)
		one[int16](v)
		one[int32](v)
		one[int64](v)
		one[int](v)
		one[uint8](v)
		one[uint16](v)
		one[uint32](v)
		one[uint64](v)
		one[uint](v)
		one[uintptr](v)
		one[float32](v)
		one[float64](v)
		one[myInt8](v)
		one[myUint16](v)
		one[myFloat32](v)
		fmt.Println()
	}
}

type anyComplex interface{ ~complex64 | ~complex128 }

//go:noinline
func convComplex[T, F anyComplex](v F) T { return T(v) }

func chains(a int64, b uint32, c float64, d int8) {
	// Conversions of conversions, which rules may join.
	fmt.Println(int64(int8(a)), int64(uint8(a)), uint64(int16(a)), int64(int32(a)), uint64(uint32(a)), int32(uint8(int16(a))))
	fmt.Println(uint64(int32(b)), int64(b), int64(int32(b)), uint8(int8(b)), int16(int8(b)), int64(uint16(int8(b))))
	fmt.Println(float32(int32(c)), float64(float32(c)), int64(float32(c)), float64(int8(int64(c))), uint8(int32(c)))
	fmt.Println(uint64(d), uint32(d), uint16(d), uint8(d), int64(uint8(d)), float32(uint8(d)), float64(uint64(uint32(d))))
	fmt.Println(int64(d)<<8>>8, int16(d)<<8>>8, uint16(d)<<8>>8, int8(d<<4>>4), uint8(d)>>4<<4, int64(int8(int64(d)*3)))
	fmt.Println(string(rune(a)), string(rune(d)), string(rune(b&0x10ffff)))
	fmt.Println(uint32(int64(b)+a)>>1, int32(b)>>1, int32(uint32(a)>>1), uint64(uint8(a)+uint8(b)), int(int8(a)+int8(b)))
}

func main() {
	all[int8](math.MinInt8, -1, 0, 1, math.MaxInt8)
	all[int16](math.MinInt16, -129, -128, -1, 127, 128, 255, 256, math.MaxInt16)
	all[int32](math.MinInt32, -65537, -32769, -1, 32768, 65535, 65536, 1<<24+1, math.MaxInt32)
	all[int64](math.MinInt64, math.MinInt64+1, -1<<53-1, -1<<31-1, -1, 1<<24+1, 1<<31, 1<<32, 1<<53+1, 1<<53+3, math.MaxInt64-512, math.MaxInt64)
	all[int](math.MinInt64, -1<<40, 1<<33+1, 1<<63-1025, 1<<63-513)
	all[uint8](0, 1, 127, 128, 255)
	all[uint16](0, 128, 255, 256, 32767, 32768, 65535)
	all[uint32](0, 1<<24+1, 1<<31-1, 1<<31, 1<<32-129, 1<<32-1)
	all[uint64](0, 1<<53+1, 1<<63-1, 1<<63, 1<<63+1, 1<<63+1024, 1<<63+1025, 1<<63+3072, 1<<64-1025, 1<<64-1024, 1<<64-1, 1<<40+1<<16+1)
	all[uint](1<<63+512, 1<<63+1<<39, 1<<63+1<<39+1, 1<<63+3<<39)
	all[uintptr](1<<32, 1<<64-1)
	all[float32](0, float32(math.Copysign(0, -1)), 0.5, -0.5, 0.99999994, 127.9, -128.9, 255.9, 65535.996, 1<<24, 1<<31-128, 1<<31, -1<<31, 1<<32-256, 1<<53, 1<<63-1<<39, -1<<63, 1<<63, 1<<64-1<<40,
		math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()))
	all[float64](0, math.Copysign(0, -1), 0.9999999999999999, -0.9999999999999999, 1.5, 2.5, -1.5, 126.99, 127.99, -128.99, 255.5, 32767.5, 65535.5, 2147483647.5, -2147483648.5, 4294967295.5, 1<<53, 1<<62+1<<10,
		1<<63-1024, -1<<63, 1<<63, 1<<63+2048, 1<<64-2048, math.MaxFloat32, math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0000000596046448, 1.00000005960464478, 3.4028235677973366e+38, 3.402823567797337e+38,
		1.401298464324817e-45, 7.006492321624085e-46, 7.006492321624086e-46, 1.1754942807573643e-38, math.Inf(1), math.Inf(-1), math.NaN())
	all[myInt8](-128, 127)
	all[myUint16](65535)
	all[myFloat32](1.1, -1)
	for _, v := range []complex128{0, complex(1e300, -1e-300), complex(math.Inf(1), math.NaN()), complex(1.0000000596046448, math.Copysign(0, -1))} {
		w := convComplex[complex64](v)
		fmt.Println(v, w, convComplex[complex128](w), convComplex[complex64](w) == w, convComplex[complex128](v) == v)
	}
	chains(-1, 0xffffffff, -1.5, -1)
	chains(0x123456789abcdef0, 0x80000000, 1e9, -128)
	chains(0xd800, 0x10ffff, 254.7, 127)
	chains(0x7f, 0x110000, -100.1, 100)
}
