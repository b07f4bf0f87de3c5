package main

import (
	"fmt"
	"runtime"
)

type P struct{ i int }

type node struct {
	list []int
	next *node
}

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, e)
		}
	}()
	f()
}

//go:noinline
func nilArray() *[4]int { return nil }

//go:noinline
func grow(n *node) int {
	n.list = make([]int, 3)
	return 7
}

func main() {
	m := map[int]int{}
	var p *P
	var a *[4]int
	try("field", func() { m[1], p.i = 1, 2 })
	try("array", func() { m[2], a[1] = 1, 2 })
	fmt.Println(len(m))
	x := P{}
	q := &x
	q, q.i = new(P), 4
	fmt.Println(x.i, q.i)
	try("range", func() {
		for range *nilArray() {
		}
	})
	for range nilArray() {
	}
	n := &node{}
	n.list[0] = grow(n)
	fmt.Println(n.list)
	switch i := any(true); {
	case i:
		fmt.Println("true in an interface")
	default:
		fmt.Println("wrong")
	}
	kept := new([10]int)
	runtime.SetFinalizer(kept, func(*[10]int) { fmt.Println("too early") })
	holder := &struct {
		x *[10]int
		y int
	}{kept, 0}
	use(holder.x)
	runtime.GC()
	runtime.GC()
	runtime.KeepAlive(holder)
}

//go:noinline
func use(*[10]int) {}
