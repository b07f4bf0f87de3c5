// Order of comparisons, and what panics in them.
package main

type shape interface{ area() int }
type named interface {
	area() int
	name() string
}
type square int

func (s square) area() int    { return int(s * s) }
func (s square) name() string { return "square" }

type mixed struct {
	first any
	n     int
	last  any
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

//go:noinline
func same(a, b any) bool { return a == b }

//go:noinline
func sameShape(a shape, b named) bool { return a == b }

func main() {
	list := []int{1}
	println(panics(func() { same(mixed{list, 1, nil}, mixed{list, 2, nil}) }))
	println(panics(func() { same(mixed{1, 1, list}, mixed{1, 2, list}) }))
	println(panics(func() { same([2]any{list, 1}, [2]any{list, "x"}) }))
	println(same([2]string{"a", "bc"}, [2]string{"a", "bc"}), same([2]string{"a", "b"}, [2]string{"a", "bc"}))
	println(sameShape(square(3), square(3)), sameShape(square(3), square(4)))
	switch shape(square(2)) {
	case named(square(2)):
		println("equal")
	default:
		println("different")
	}
}
