package main

import "fmt"

type key struct{ s string }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

var calls int

func next() int { calls++; return calls }

func main() {
	m := map[string]int{}
	m["a"] += 2
	m["a"] *= 21
	m["b"]--
	m["c"] <<= 3
	m["d"] |= 5
	m["a"] /= 2
	fmt.Println(m, len(m))
	s := map[int]string{}
	for i := 0; i < 100; i++ {
		s[i%7] += fmt.Sprint(i)
	}
	fmt.Println(s)
	c := map[key]complex128{}
	c[key{"x"}] += 2i
	c[key{"x"}] *= 2i
	fmt.Println(c)
	big := map[int][3]float64{}
	f := map[float64]float32{}
	f[1.5] -= 2
	fmt.Println(big, f)
	n := map[int]int{}
	n[next()] += next()
	fmt.Println(n)
	var null map[string]int
	try(func() { null["x"]++ })
	try(func() { null["x"] += next() })
	zero := 0
	try(func() { m["new"] /= zero })
	try(func() { m["new"] %= zero })
	shift := -1
	try(func() { m["shift"] <<= shift })
	e := map[any]int{}
	try(func() { e[[]int{1}]++ })
	_, ok := m["new"]
	fmt.Println(ok, len(e), calls)
}
