package main

import (
	"fmt"
	"math/big"
	"reflect"
)

// The type of Exp is also that of Add with its receiver, which is made for the call.
func main() {
	v := reflect.ValueOf(new(big.Int))
	for _, name := range []string{"Add", "DivMod", "Exp", "GCD", "Sign"} {
		fmt.Println(name, v.MethodByName(name).Type())
	}
}
