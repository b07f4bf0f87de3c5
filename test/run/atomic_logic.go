package main

import (
	"fmt"
	"sync/atomic"
)

//go:noinline
func or(p *uint32, a, b, c, d uint32) (uint32, uint32) {
	x := a + b*c
	old := atomic.OrUint32(p, x|d)
	return old, x + a + b + c + d
}

//go:noinline
func and(p *uint64, a, b, c, d uint64) (uint64, uint64) {
	x := a ^ b ^ c
	old := atomic.AndUint64(p, x&d)
	return old, x + a + b + c + d
}

func main() {
	p := uint32(3)
	q := ^uint64(0)
	fmt.Println(or(&p, 1, 2, 3, 4))
	fmt.Println(and(&q, 1, 2, 3, 4))
	fmt.Println(or(&p, 16, 0, 0, 64))
	fmt.Println(p, q, atomic.LoadUint32(&p))
}
