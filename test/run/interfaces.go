// Interface types with the same methods, and methods found by reflection through a method expression.
package main

import "reflect"

type first interface{ m() }
type second interface{ m() }
type number int

func (number) m() {}

type shown struct{}

func (shown) Show() { println("shown") }

var method = reflect.Type.Method

func main() {
	s := second(number(1))
	f := first(s)
	println(f == first(number(1)), f == s)
	switch f.(type) {
	case number:
		println("number")
	default:
		println("other")
	}
	v := reflect.ValueOf(shown{})
	method(v.Type(), 0).Func.Interface().(func(shown))(shown{})
}
