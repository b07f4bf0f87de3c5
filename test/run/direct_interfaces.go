package main

import "fmt"

// One pointer among fields without size: the interface word is the pointer.
type many struct {
	a, b, c, d struct{}
	e          *int
}

type inner struct {
	a struct{}
	p *int
}

type outer struct{ inner inner }

type list [1]many

//go:noinline
func into(p *any, m many) { *p = m }

//go:noinline
func intoFrom(p *any, m *many) { *p = *m }

//go:noinline
func out(i any) many { return i.(many) }

//go:noinline
func choose(a, b outer, c bool) outer {
	var i any
	if c {
		i = a
	} else {
		i = b
	}
	return i.(outer)
}

func (m many) get() int { return *m.e }

func main() {
	x, y := 1, 2
	var i any
	into(&i, many{e: &x})
	fmt.Println(*out(i).e)
	intoFrom(&i, &many{e: &y})
	fmt.Println(*out(i).e, i == any(many{e: &y}), i == any(many{e: &x}))
	fmt.Println(*choose(outer{inner{p: &x}}, outer{inner{p: &y}}, true).inner.p)
	i = list{{e: &x}}
	fmt.Println(*i.(list)[0].e)
	var g interface{ get() int } = many{e: &y}
	fmt.Println(g.get())
	switch v := i.(type) {
	case many:
		fmt.Println("many")
	case list:
		fmt.Println(*v[0].e)
	}
}
