// Defers that are open-coded: conditional ones, recovered panics, results in memory, stacks that move.

package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
)

type T struct {
	mu sync.Mutex
	n  int
}

func (t *T) inc() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	return t.n
}

func cond(a, b, c bool) (s string) {
	if a {
		defer func() { s += "a" }()
	}
	if b {
		defer func() { s += "b" }()
	}
	if c {
		defer func() { s += "c" }()
	}
	return "r"
}

func rec(n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	defer fmt.Println("deferred", n)
	if n == 0 {
		panic("zero")
	}
	if n == 1 {
		var p *T
		p.n = 3
	}
	if n == 2 {
		var a []int
		_ = a[n]
	}
	if n == 3 {
		return errors.New("three")
	}
	return nil
}

func nested() (out []string) {
	defer func() { out = append(out, "last") }()
	defer func() {
		r := recover()
		out = append(out, fmt.Sprint("r:", r))
	}()
	defer func() {
		defer func() { out = append(out, fmt.Sprint("inner:", recover())) }()
		panic("second")
	}()
	defer func() { panic("third") }()
	panic("first")
}

func goexit() {
	done := make(chan int)
	go func() {
		defer close(done)
		defer fmt.Println("goexit deferred")
		func() {
			defer fmt.Println("inner")
			runtime.Goexit()
		}()
	}()
	<-done
}

func nilf() (e any) {
	defer func() { e = recover() }()
	var f func()
	defer f()
	fmt.Println("before nil func")
	return nil
}

func big() (x [100]int, s string) {
	defer func() { recover(); x[5] = 7; s += "!" }()
	x[3] = 4
	s = "s"
	var m map[string]int
	m["a"] = 1
	return
}

func esc() (x *int, y string) {
	defer func() { recover(); y += "z"; runtime.GC() }()
	v := 4
	x = &v
	y = "why"
	runtime.GC()
	panic(1)
}
func grow(n int) int {
	var a [100]int
	if n == 0 {
		return 0
	}
	a[n] = n
	return grow(n-1) + a[n]
}
func stack() (s int) {
	p := &s
	defer func() { grow(50); *p += 1000; recover() }()
	s = grow(60)
	panic("x")
}

func main() {
	t := &T{}
	fmt.Println(t.inc(), t.inc())
	for i := 0; i < 8; i++ {
		fmt.Println(cond(i&1 != 0, i&2 != 0, i&4 != 0))
	}
	for i := 0; i < 5; i++ {
		fmt.Println(rec(i))
	}
	fmt.Println(nested())
	goexit()
	fmt.Println(nilf())
	x, s := big()
	fmt.Println(x[3], x[5], s)
	p, q := esc()
	fmt.Println(*p, q)
	fmt.Println(stack())

	defer func() { fmt.Println("rec", recover()) }()
	var f func()
	defer fmt.Println("x")
	f()
}
