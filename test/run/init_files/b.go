package main

var (
	b1 = note("b1", c2)
	b2 = note("b2", 5)
	b3 = note("b3", a1+b4)
	b4 = note("b4", b2*2)
)

type T struct{}

func (T) method() int { return note("method", c3) }

func (*T) pointer() int { return b4 }

func viaFunction() int { return deeper() + 1 }

func init() { note("init b", b3) }

var table = map[string]func() int{"x": func() int { return b2 }, "y": viaFunction}
