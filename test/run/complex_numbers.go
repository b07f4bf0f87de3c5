package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/cmplx"
)

// Complex arithmetic with infinities, NaNs and signed zeros (runtime.complex128div; spec: "Arithmetic operators").

func bits(c complex128) string {
	part := func(f float64) string {
		if f != f {
			return "NaN"
		}
		if f == 0 && math.Signbit(f) {
			return "-0"
		}
		return fmt.Sprint(f)
	}
	return "(" + part(real(c)) + "," + part(imag(c)) + ")"
}

//go:noinline
func div(a, b complex128) complex128 { return a / b }

//go:noinline
func mul(a, b complex128) complex128 { return a * b }

//go:noinline
func div64(a, b complex64) complex64 { return a / b }

//go:noinline
func mul64(a, b complex64) complex64 { return a * b }

func generic[T complex64 | complex128](a, b T) (T, T, T, bool, bool) {
	return a + b, a - b, -a, a == b, a != b
}

type celsius complex64

type withComplex struct {
	a complex64
	b complex128
	c [2]complex64
}

func main() {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	parts := []float64{0, zero, 1, -2.5, inf, -inf, nan, 1e200, 5e-324}
	var values []complex128
	for _, r := range parts {
		for _, i := range parts {
			values = append(values, complex(r, i))
		}
	}
	for _, a := range values {
		h := fnv.New64a()
		for _, b := range values {
			c64, d64 := complex64(a), complex64(b)
			s, d, n, eq, ne := generic(a, b)
			fmt.Fprintln(h, bits(a), bits(b), bits(div(a, b)), bits(mul(a, b)), bits(s), bits(d), bits(n), eq, ne,
				bits(complex128(div64(c64, d64))), bits(complex128(mul64(c64, d64))))
		}
		fmt.Printf("%s %x %s %s\n", bits(a), h.Sum64(), bits(div(a, 2+3i)), bits(mul(a, 2+3i)))
	}
	c := complex(3, 4)
	c += 1i
	c *= 2 - 1i
	c /= complex(0.5, 0)
	c -= 7
	c++
	fmt.Println(c, real(c), imag(c), cmplx.Abs(c), c == complex(real(c), imag(c)))
	t := celsius(complex(float32(1)/3, 2))
	t *= t
	t--
	fmt.Println(t, real(t), imag(t))
	w := withComplex{1i, 2i, [2]complex64{3, 4i}}
	v := w
	fmt.Println(w == v, any(w) == any(v), map[any]int{w: 1, c: 2}[v])
	v.c[1] = complex(float32(nan), 0)
	w.c[1] = v.c[1]
	fmt.Println(w == v, v)
	m := map[complex128]int{complex(0, 0): 1, complex(zero, zero): 2, complex(nan, 0): 3, complex(nan, 0): 4}
	fmt.Println(len(m), m[0])
	const k = (1 + 2i) * (3 - 4i) / (1 + 1i)
	fmt.Println(k, complex64(k), real(k), int(real((2+3i)*(2-3i))))
	p := &w.b
	*p += complex(imag(*p), real(*p))
	fmt.Println(*p, func(z ...complex64) (r complex64) {
		for _, x := range z {
			r += x * x
		}
		return
	}(1, 2i, 3+4i))
	defer func() { fmt.Println(recover()) }()
	panic(c)
}
