package main

import (
	"fmt"
	"unsafe"
)

func entry(m map[string]int) (map[string]int, string) { return m, "a" }

func at(p *[4]byte) (unsafe.Pointer, uint8) { return unsafe.Pointer(p), 2 }

func part(p *[4]byte) (*byte, int16) { return &p[1], 2 }

//go:noinline
func deep(n int, s []byte) byte {
	s[0] = byte(n)
	if n == 0 {
		return s[0]
	}
	var a [1024]byte
	return deep(n-1, a[:]) + a[0]
}

//go:uintptrescapes
func set(a ...uintptr) {
	var s [16]byte
	deep(4096, s[:])
	*(*int)(unsafe.Pointer(a[0])) = 42
}

func main() {
	m := map[string]int{"a": 1, "b": 2}
	delete(entry(m))
	fmt.Println(m)
	b := [4]byte{1, 2, 3, 4}
	fmt.Println(*(*byte)(unsafe.Add(at(&b))), unsafe.Slice(part(&b)))
	done := make(chan int)
	go func() {
		var buf [1024]int
		set(uintptr(unsafe.Pointer(&buf[0])))
		done <- buf[0]
	}()
	fmt.Println(<-done)
}
