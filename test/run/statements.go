// go and defer with nil receivers, overlapping arrays, calls with several results as operands of built-ins.
package main

type closer interface{ close() }

var reached bool

func deferNil() {
	var c closer
	defer c.close()
	reached = true
}

func parts() (float64, float64)        { return 1, 2 }
func items() ([]int, int, int)         { return []int{1}, 2, 3 }
func two() ([]byte, string)            { return buffer[:], "xyz" }
func found(x any) (n int, ok bool)     { n, ok = x.(int); return }
func pair[T any](x any) (T, bool)      { t, ok := x.(T); return t, ok }
func wait()                            { for { } }

var buffer [4]byte

func main() {
	println(copy(two()), buffer[2])
	func() {
		defer func() { println(recover() != nil, reached) }()
		deferNil()
	}()
	var x [64]byte
	for i := range x {
		x[i] = byte(i)
	}
	y := x
	copy(x[4:36], x[2:34])
	*(*[32]byte)(y[4:36]) = *(*[32]byte)(y[2:34])
	println(x == y)
	println(complex(parts()) == 1+2i)
	s := append(items())
	println(len(s), s[0], s[1], s[2])
	println(found(7))
	println(pair[string](7))
	if !reached {
		return
	}
	wait()
}
