// Conversions of floating point numbers that no integer is equal to.
package main

import "fmt"

func main() {
	for _, x := range []float64{-0.5, -1.5, 1e10, 1e19, -1e18, 1e20} {
		y := float32(x)
		fmt.Println(int32(x), int64(x), int8(x), uint8(x), uint16(x), uint32(x), uint64(x))
		fmt.Println(int32(y), int64(y), int8(y), uint8(y), uint16(y), uint32(y), uint64(y))
	}
}
