package main

import (
	"fmt"
	"reflect"
)

type T struct{ n int }

func (t T) Named() string    { return fmt.Sprint("named ", t.n) }
func (t T) Other() string    { return "other" }
func (t *T) Pointer() string { return fmt.Sprint("pointer ", t.n) }

func call(v reflect.Value) string { return v.MethodByName("Named").Call(nil)[0].String() }

const name = "Poin" + "ter"

func main() {
	t := &T{7}
	fmt.Println(call(reflect.ValueOf(*t)), call(reflect.ValueOf(t)))
	fmt.Println(reflect.ValueOf(t).MethodByName(name).Call(nil)[0])
	m, ok := reflect.TypeOf(t).MethodByName("Pointer")
	fmt.Println(m.Name, ok, m.Func.Call([]reflect.Value{reflect.ValueOf(t)})[0])
	_, ok = reflect.TypeOf(t).MethodByName("Missing")
	fmt.Println(ok, reflect.ValueOf(t).MethodByName("").IsValid())
}
