package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// defer in all its forms, recover at every depth, Goexit, panics during panics.

type T struct{ name string }

func (t T) value(s string)    { fmt.Println("value", t.name, s) }
func (t *T) pointer(s string) { fmt.Println("pointer", t.name, s) }

type iface interface{ value(string) }

type outer struct {
	*T
	iface
}

func try(name string, f func()) {
	defer func() {
		e := recover()
		if err, ok := e.(runtime.Error); ok {
			fmt.Println(name, "runtime error:", err)
		} else if e != nil {
			fmt.Printf("%s: %v (%T)\n", name, e, e)
		} else {
			fmt.Println(name, "ended")
		}
	}()
	f()
}

func loop(n int) (s string) {
	for i := 0; i < n; i++ {
		defer func() {
			s += fmt.Sprint(i)
			if r := recover(); r != nil {
				s += fmt.Sprint("r", r)
				if i > 1 {
					panic(i)
				}
			}
		}()
	}
	panic("p")
}

func open(a, b bool) (s string) {
	defer func() { s += "1" }()
	if a {
		defer func() { s += "2" }()
	}
	if b {
		defer func() { s += "3"; recover() }()
		panic("b")
	}
	return "r"
}

func many(n int) (r int) {
	if n&1 != 0 {
		defer func() { r += 1 }()
	}
	if n&2 != 0 {
		defer func() { r += 10 }()
	}
	if n&4 != 0 {
		defer func() { r += 100 }()
	}
	if n&8 != 0 {
		defer func() { r *= 2 }()
	}
	if n&16 != 0 {
		defer func() {
			if e := recover(); e != nil {
				r = -1
			}
		}()
	}
	if n&32 != 0 {
		var m map[int]int
		m[1] = 1
	}
	return 5
}

func methods() {
	t := T{"a"}
	o := outer{&t, T{"i"}}
	defer t.value("deferred")
	defer t.pointer("deferred")
	defer o.iface.value("interface")
	defer o.pointer("embedded")
	f := t.value
	g := t.pointer
	defer f("method value")
	defer g("method value")
	defer T.value(t, "expression")
	defer (*T).pointer(&t, "expression")
	defer iface.value(o.iface, "interface expression")
	t.name = "changed"
	o.T = &T{"other"}
	defer func(s string) { fmt.Println(s, t.name) }(t.name + "!")
	t.name = "again"
}

func builtins() {
	m := map[int]int{1: 1, 2: 2}
	s := []int{1, 2, 3}
	c := make(chan int, 1)
	b := make([]byte, 3)
	func() {
		defer delete(m, 1)
		defer clear(s[1:])
		defer close(c)
		defer copy(b, "xyz")
		defer func() { fmt.Println(len(m), s, string(b)) }()
		defer print()
		defer recover()
	}()
	_, ok := <-c
	fmt.Println(len(m), s, ok, string(b))
	try("defer panic", func() { defer panic("second"); panic("first") })
	try("defer recover", func() { defer recover(); panic("not recovered by a direct recover") })
	try("nil func", func() {
		var f func()
		defer f()
		fmt.Println("before")
	})
	try("nil interface", func() {
		var i iface
		defer i.value("x")
		fmt.Println("not reached")
	})
}

func helper() any { return recover() }

func depth() {
	try("helper", func() {
		defer func() { fmt.Println("helper gives", helper()) }()
		panic("too deep")
	})
	try("helper itself", func() {
		defer helper()
		panic("direct")
	})
	try("nested", func() {
		defer func() {
			defer func() { fmt.Println("inner", recover()) }()
			defer func() { fmt.Println("inner", recover()) }()
			panic("inner panic")
		}()
		panic("outer panic")
	})
	try("replace", func() {
		defer func() { panic(fmt.Sprint("third after ", recover())) }()
		defer func() { panic(fmt.Sprint("second after ", recover())) }()
		panic("first")
	})
	try("goexit in panic", func() {
		done := make(chan string)
		go func() {
			defer func() { done <- fmt.Sprint("recovered ", recover()) }()
			defer runtime.Goexit()
			panic("aborted")
		}()
		fmt.Println(<-done)
	})
	try("panic in goexit", func() {
		done := make(chan string, 2)
		go func() {
			defer func() { done <- "last" }()
			defer func() { done <- fmt.Sprint("recovered ", recover()) }()
			defer func() { panic("during Goexit") }()
			runtime.Goexit()
		}()
		fmt.Println(<-done, <-done)
	})
	try("nil panic", func() { panic(nil) })
	try("error", func() { panic(fmt.Errorf("wrapped: %w", os.ErrNotExist)) })
	try("reflect method", func() {
		defer T{"in defer"}.value("x")
		panic(errors.New("e"))
	})
}

func results() (a int, b string, c []int, d [40]int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			a++
			b += "!"
			d[39]++
		}
	}()
	a, b, c = 1, "b", []int{1}
	d[39] = 7
	_ = c[a]
	return 5, "never", nil, d, nil
}

func unnamed() (int, string) {
	defer func() { recover() }()
	var p *T
	return 3, p.name
}

func recursive(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = n*10 + e.(int)
			if n%2 == 0 && n > 0 {
				panic(r)
			}
		}
	}()
	if n == 5 {
		panic(1)
	}
	return recursive(n+1) + 1
}

func inLoopWithVars() {
	var fs []string
	func() {
		for i, s := range strings.Fields("a b c") {
			j := i * i
			defer func() { fs = append(fs, fmt.Sprint(i, s, j)); j++ }()
			defer func(x int) { fs = append(fs, fmt.Sprint(x, j)); i++ }(j)
		}
		for range 2 {
			defer func() { fs = append(fs, "range") }()
		}
	}()
	fmt.Println(fs)
}

func gotoDefer() (s string) {
	i := 0
again:
	defer func(n int) { s += fmt.Sprint(n) }(i)
	if i++; i < 4 {
		goto again
	}
	return "g"
}

func runtimeErrors() {
	var (
		z    int
		s    []int
		a    [3]int
		p    *T
		i    any = "str"
		n        = -1
		m    map[string]int
		c    chan int
		str  = "abc"
		ifc  iface
		idx  = 5
		big  = 1 << 62
		arrp *[4]int
	)
	for k, f := range []func(){
		func() { fmt.Println(1 / z) }, func() { fmt.Println(1 % z) }, func() { fmt.Println(s[0]) }, func() { fmt.Println(a[idx]) },
		func() { fmt.Println(p.name) }, func() { fmt.Println(i.(int)) }, func() { fmt.Println(i.(iface)) }, func() { fmt.Println(ifc.(fmt.Stringer)) },
		func() { _ = make([]int, n) }, func() { _ = make([]int, 1, z) }, func() { _ = make([]int, big) }, func() { m["x"]++ }, func() { close(c) },
		func() { fmt.Println(str[idx]) }, func() { fmt.Println(str[2 : 1+z]) }, func() { fmt.Println(s[1:]) }, func() { fmt.Println(a[idx:]) }, func() { fmt.Println(a[1:idx:2]) },
		func() { ifc.value("") }, func() { fmt.Println([4]int(s)) }, func() { fmt.Println((*[2]int)(s)) }, func() { fmt.Println(1 << n) }, func() { arrp[1] = 2 },
		func() { fmt.Println(len(arrp), arrp[:]) }, func() {
			for i := range arrp {
				fmt.Print(i)
			}
			fmt.Println()
		}, func() { fmt.Println(any(s) == any(s)) },
		func() { fmt.Println(map[any]int{}[s]) }, func() { c := make(chan int); close(c); close(c) }, func() { c := make(chan int); close(c); c <- 1 },
		func() { var f func(); f() }, func() { fmt.Println(str[n:]) }, func() { fmt.Println(s[uint64(1<<63)+uint64(z):]) }, func() { _ = make(chan int, n) },
		func() { var e error; panic(e) }, func() { fmt.Println(i.(interface{ none() })) }, func() { var x any; fmt.Println(x.(int)) }, func() { x := any(3); fmt.Println(x.(T)) },
	} {
		try(fmt.Sprint("error ", k), f)
	}
}

func main() {
	try("loop", func() { fmt.Println(loop(1), loop(2)) })
	try("loop", func() { fmt.Println(loop(4)) })
	fmt.Println(open(false, false), open(true, false), open(false, true), open(true, true))
	for i := range 64 {
		try(fmt.Sprint("many ", i), func() { fmt.Println(many(i)) })
	}
	methods()
	builtins()
	depth()
	fmt.Println(results())
	fmt.Println(unnamed())
	fmt.Println(recursive(0))
	inLoopWithVars()
	fmt.Println(gotoDefer())
	runtimeErrors()
}
